package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// turns is how often each reading is measured. It is long, and varies little.
const turns = 3

// The output takes the length only: what is measured is the reading, not the printing.
const contactsConfig = requirement + `
data "tidio_contacts" "all" {}

output "read" {
  value = length(data.tidio_contacts.all.contacts)
}
`

// contacts times and weighs the reading of all contacts of an account.
func (b *bench) contacts(ctx context.Context) ([]row, error) {
	none := b.account(tidiomock.Config{PageSize: pageSize})
	idle, err := b.readings(ctx, none, 0)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, n := range []int{20_000, 100_000} {
		b.note("%s contacts ...", thousands(int64(n)))
		measured, err := b.contactRows(ctx, n, idle)
		if err != nil {
			return nil, err
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}

func (b *bench) contactRows(ctx context.Context, n int, idle [2]reading) ([]row, error) {
	const limit = 1.3
	a := b.account(tidiomock.Config{PageSize: pageSize})
	a.addContacts(n)
	read, err := b.readings(ctx, a, n)
	if err != nil {
		return nil, err
	}
	tidio, empty := read[0], read[1]
	each := func(i int) float64 { return (read[i].peak.median() - idle[i].peak.median()) / float64(n) }
	what := fmt.Sprintf("%s contacts by `tidio_contacts`", thousands(int64(n)))
	took := compare(what+", time", tidio.took, empty.took, limit)
	took.detail += fmt.Sprintf("; the provider's CPU: %s over %s", tidio.busy, empty.busy)
	return []row{
		took,
		{
			what:     what + ", memory over an empty provider's",
			measured: tidio.peak.median() / empty.peak.median(),
			limit:    limit,
			unit:     ratio,
			detail: fmt.Sprintf("peak of the provider's process: %s over %s; median of %d",
				megabytes(tidio.peak.median()), megabytes(empty.peak.median()), turns),
		},
		{
			what:     what + ", memory for each",
			measured: each(0),
			unit:     bytes,
			detail: fmt.Sprintf("peak without that of reading none (%s), by contacts; the empty provider: %s",
				megabytes(idle[0].peak.median()), bytes(each(1))),
		},
	}, nil
}

// reading is what it took to read all contacts: the engine's time, the provider's CPU time, and the
// most memory that the provider had.
type reading struct {
	took, busy, peak samples
}

// readings reads the account's n contacts with the provider, and with the empty one, in turns.
func (b *bench) readings(ctx context.Context, a account, n int) (read [2]reading, err error) {
	for range turns {
		for i, mirror := range []string{b.real, b.empty} {
			took, used, err := b.read(ctx, a, mirror, n)
			if err != nil {
				return read, err
			}
			read[i].took.took(took)
			read[i].busy.took(used.UserTime() + used.SystemTime())
			read[i].peak = append(read[i].peak, float64(engine.PeakMemory(used)))
		}
	}
	return read, nil
}

// read times a plan that reads n contacts. The provider is not started by the engine but by us, anew
// each time: then what it used is known, and is of this plan alone.
func (b *bench) read(
	ctx context.Context, a account, mirror string, n int,
) (took time.Duration, used *os.ProcessState, err error) {
	env := append(a.env(), fmt.Sprintf("BENCH_CONTACTS=%d", n))
	process, err := engine.StartProvider(ctx, engine.Installed(mirror), env...)
	if err != nil {
		return 0, nil, err
	}
	defer func() { used = process.Stop() }()
	space, err := b.workspace(ctx, mirror, contactsConfig, process.Reattach)
	if err != nil {
		return 0, nil, err
	}
	took, result, err := b.timed(ctx, space, "plan")
	if err == nil && !strings.Contains(result.Text(), fmt.Sprintf("+ read = %d", n)) {
		err = fmt.Errorf("the plan did not read %d contacts:\n%s", n, result.Stdout)
	}
	return took, nil, err
}
