package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// rounds is how often each command is timed, in turns: what else the machine does slows all of them down.
const rounds = 9

const builtinConfig = `
resource "terraform_data" "all" {
  count = %d
  input = "Property ${count.index}"
}
`

// plan times a plan of 1,000 properties, all of them in the state.
func (b *bench) plan(ctx context.Context) ([]row, error) {
	const n = 1_000
	a := b.account(tidiomock.Config{PageSize: pageSize})
	a.addProperties(n)

	var spaces []*engine.Workspace
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
	if _, _, err := b.timed(ctx, builtin, "apply", "-auto-approve"); err != nil {
		return nil, err
	}

	took, err := b.inTurns(ctx, append(spaces, builtin), "plan", "-detailed-exitcode")
	if err != nil {
		return nil, err
	}
	tidio, empty, data := took[0], took[1], took[2]
	return []row{
		compare("plan of 1,000 properties, CPU time of engine and provider", tidio.cpu, empty.cpu, 0.82),
		compare("plan of 1,000 properties, time", tidio.wall, empty.wall, 0.95),
		compare("plan of 1,000 terraform_data, time", data.wall, empty.wall, 0),
	}, nil
}

// compare makes a row of what two providers took in the same rounds.
func compare(what string, took, empty samples, limit float64) row {
	ratios := took.over(empty)
	return row{
		what:     what + " over an empty provider's",
		measured: ratios.median(),
		limit:    limit,
		unit:     ratio,
		detail: fmt.Sprintf("%s over %s; median of %d pairs (%s to %s)", took, empty,
			len(ratios), ratio(slices.Min(ratios)), ratio(slices.Max(ratios))),
	}
}

// costs are what a command took in each round.
type costs struct {
	wall, cpu samples
}

// inTurns measures a command in each workspace, round after round.
func (b *bench) inTurns(ctx context.Context, spaces []*engine.Workspace, args ...string) ([]costs, error) {
	took := make([]costs, len(spaces))
	for range rounds {
		for i, space := range spaces {
			before := childCPU()
			wall, _, err := b.timed(ctx, space, args...)
			if err != nil {
				return nil, err
			}
			took[i].wall.took(wall)
			took[i].cpu.took(childCPU() - before)
		}
	}
	return took, nil
}
