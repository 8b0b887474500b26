package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// start times the shortest command for which an engine starts the provider, and weighs the binary.
func (b *bench) start(ctx context.Context) (_ []row, err error) {
	var spaces []*engine.Workspace
	defer func() {
		for _, space := range spaces {
			err = errors.Join(err, space.Close())
		}
	}()
	for _, mirror := range []string{b.real, b.empty} {
		space, err := b.workspace(ctx, mirror, requirement)
		if err != nil {
			return nil, err
		}
		spaces = append(spaces, space)
	}
	took, err := b.inTurns(ctx, spaces, "providers", "schema", "-json")
	if err != nil {
		return nil, err
	}
	binary, err := os.Stat(engine.Installed(b.real))
	if err != nil {
		return nil, err
	}
	return []row{
		{
			what:     "start (`providers schema`), time over an empty provider's",
			measured: took[0].median() / took[1].median(),
			unit:     ratio,
			detail:   fmt.Sprintf("%s over %s; median of %d", took[0], took[1], rounds),
		},
		{
			what:     "size of the binary",
			measured: float64(binary.Size()),
			unit:     megabytes,
			detail:   "as released, not compressed",
		},
	}, nil
}
