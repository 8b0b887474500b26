package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	perWindow = 60
	window    = time.Minute

	// firstProperties is how many properties a first apply creates. The engine starts the provider twice, to
	// plan and to apply, and each time it reads the list, which has one page at most.
	firstProperties = 300
	leastRequests   = firstProperties + 2
)

// firstApply creates 300 properties in an account as strict as the smallest plan: once where replies
// tell how many requests are left, once where only a 429 tells that there were too many. Both run at
// the same time: they wait for nearly all of it.
func (b *bench) firstApply(ctx context.Context) ([]row, error) {
	const limit = 1.05
	least := leastTime(leastRequests, perWindow, window)
	b.note("at best it takes %s", least)

	var both [2]applied
	var errs [2]error
	var running sync.WaitGroup
	for i, hidden := range []bool{false, true} {
		running.Go(func() {
			both[i], errs[i] = b.apply(ctx, tidiomock.Config{
				PageSize: pageSize, RequestsPerMinute: perWindow, WindowLength: window, HideRateHeaders: hidden,
			})
		})
	}
	running.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}

	var rows []row
	for i, how := range []string{"with rate headers", "without rate headers"} {
		a := both[i]
		rows = append(rows, row{
			what: fmt.Sprintf("first apply of %d properties at %d requests a minute, %s: time over the least",
				firstProperties, perWindow, how),
			measured: a.took.Seconds() / least.Seconds(),
			limit:    limit,
			unit:     ratio,
			detail: fmt.Sprintf("%.1f s over %.0f s, which %d requests need; %s were sent",
				a.took.Seconds(), least.Seconds(), leastRequests, thousands(int64(a.sent))),
		})
	}
	with, without := both[0].refused, both[1].refused
	return append(rows,
		row{
			what:     "the same with headers: most 429s in a minute",
			measured: float64(slices.Max(with)),
			limit:    1,
			unit:     count,
			detail:   fmt.Sprintf("by minute: %v", with),
		},
		row{
			what:     "the same without headers: 429s in the first minute",
			measured: float64(without[0]),
			limit:    parallelism,
			unit:     count,
			detail:   "as many as are in flight at a time",
		},
		row{
			what:     "the same without headers: most 429s in a later minute",
			measured: float64(slices.Max(append([]int{0}, without[1:]...))),
			limit:    1,
			unit:     count,
			detail:   fmt.Sprintf("by minute: %v", without),
		},
	), nil
}

// leastTime is how long requests take at least: all windows but the last are waited out.
func leastTime(requests, perWindow int, window time.Duration) time.Duration {
	return time.Duration((requests-1)/perWindow) * window
}

// applied is what became of a first apply.
type applied struct {
	took    time.Duration
	sent    int
	refused []int // 429s, by window
}

// apply creates the properties in an empty account.
func (b *bench) apply(ctx context.Context, config tidiomock.Config) (applied, error) {
	a := b.account(config)
	space, err := b.workspace(ctx, b.real, propertyConfig(firstProperties), a.env()...)
	if err != nil {
		return applied{}, err
	}
	took, _, err := b.timed(ctx, space, "apply", "-auto-approve")
	if err != nil {
		return applied{}, err
	}
	if made := len(a.Properties()); made != firstProperties {
		return applied{}, fmt.Errorf("the account has %d properties, not %d", made, firstProperties)
	}
	sent := a.Requests()
	return applied{took: took, sent: len(sent), refused: refusedByWindow(sent, perWindow, window)}, nil
}

// refusedByWindow counts the 429s in each window of a mock with fixed windows. One begins with the
// first request that is let through after the end of the one before; the log's clock is a little
// ahead of the limit's, so a full window is another sign of its end.
func refusedByWindow(log []tidiomock.Request, perWindow int, window time.Duration) []int {
	var (
		refused []int
		began   time.Time
		let     = 0
	)
	for _, r := range log {
		if r.Status == http.StatusTooManyRequests {
			if len(refused) > 0 {
				refused[len(refused)-1]++
			}
			continue
		}
		if len(refused) == 0 || let == perWindow || r.Time.Sub(began) >= window {
			refused, began, let = append(refused, 0), r.Time, 0
		}
		let++
	}
	return refused
}
