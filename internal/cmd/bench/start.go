package main

import (
	"context"
	"os"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// start times the shortest command for which an engine starts the provider, and weighs the binary.
func (b *bench) start(ctx context.Context) ([]row, error) {
	var spaces []*engine.Workspace
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
		compare("start (`providers schema`), time", took[0].wall, took[1].wall, 0),
		{
			what:     "size of the binary",
			measured: float64(binary.Size()),
			unit:     megabytes,
			detail:   "as released, not compressed",
		},
	}, nil
}
