package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// rounds is how often each command is timed, in turns: what else the machine does meets all alike.
const rounds = 5

const builtinConfig = `
resource "terraform_data" "all" {
  count = %d
  input = "Property ${count.index}"
}
`

// plan times a plan of 1,000 properties, all of them in the state.
func (b *bench) plan(ctx context.Context) (_ []row, err error) {
	const n, limit = 1_000, 1.15
	a := b.account(tidiomock.Config{PageSize: pageSize})
	defer a.close()
	a.addProperties(n)

	var spaces []*engine.Workspace
	defer func() {
		for _, space := range spaces {
			err = errors.Join(err, space.Close())
		}
	}()
	for _, mirror := range []string{b.real, b.empty} {
		space, err := b.workspace(ctx, mirror, propertyConfig(n), a.env()...)
		if err != nil {
			return nil, err
		}
		spaces = append(spaces, space)
		if err := a.propertyState().write(space); err != nil {
			return nil, err
		}
	}
	builtin, err := b.workspace(ctx, "", fmt.Sprintf(builtinConfig, n))
	if err != nil {
		return nil, err
	}
	spaces = append(spaces, builtin)
	if _, _, err := b.timed(ctx, builtin, "apply", "-auto-approve"); err != nil {
		return nil, err
	}

	took, err := b.inTurns(ctx, spaces, "plan", "-detailed-exitcode")
	if err != nil {
		return nil, err
	}
	return []row{
		{
			what:     "plan of 1,000 properties, time over an empty provider's",
			measured: took[0].median() / took[1].median(),
			limit:    limit,
			unit:     ratio,
			detail:   fmt.Sprintf("%s over %s; median of %d", took[0], took[1], rounds),
		},
		{
			what:     "plan of 1,000 terraform_data, time over an empty provider's",
			measured: took[2].median() / took[1].median(),
			unit:     ratio,
			detail:   took[2].String(),
		},
	}, nil
}

// inTurns times a command in each workspace, time and again.
func (b *bench) inTurns(ctx context.Context, spaces []*engine.Workspace, args ...string) ([]samples, error) {
	took := make([]samples, len(spaces))
	for range rounds {
		for i, space := range spaces {
			d, _, err := b.timed(ctx, space, args...)
			if err != nil {
				return nil, err
			}
			took[i].took(d)
		}
	}
	return took, nil
}
