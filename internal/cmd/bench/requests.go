package main

import (
	"context"
	"fmt"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	// pageSize is how many items the API sends at once.
	pageSize = 100

	// parallelism is how many resources an engine works on at a time.
	parallelism = 10
)

// requests counts what a first apply asks the API for, and a plan when everything is in the state and
// as it was.
func (b *bench) requests(ctx context.Context) ([]row, error) {
	first, err := b.apply(ctx, tidiomock.Config{PageSize: pageSize})
	if err != nil {
		return nil, err
	}
	rows := []row{{
		what:     fmt.Sprintf("requests of a first apply of %d properties", firstProperties),
		measured: float64(first.sent),
		limit:    leastRequests,
		unit:     count,
		detail:   "one for each property, and a list in each of the two processes",
	}}
	for _, n := range []int{10, 100, 1_000} {
		a := b.account(tidiomock.Config{PageSize: pageSize})
		a.addProperties(n)
		made, err := b.requestsOfPlan(ctx, a, propertyConfig(n), a.propertyState())
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{
			what:     fmt.Sprintf("requests of a plan of %s properties", thousands(int64(n))),
			measured: float64(made),
			limit:    float64(pages(n)),
			unit:     count,
			detail:   "one for each page of the list",
		})
	}

	for _, total := range []int{1_000, 20_000} {
		a := b.account(tidiomock.Config{PageSize: pageSize})
		a.addContacts(total)
		for _, n := range []int{10, 100, 1_000} {
			a.ResetRequests()
			made, err := b.requestsOfPlan(ctx, a, contactConfig(n, total), contactState(n, total))
			if err != nil {
				return nil, err
			}
			limit, why := contactLimit(n, pages(total))
			rows = append(rows, row{
				what: fmt.Sprintf("requests of a plan of %s contacts, of %s in the account",
					thousands(int64(n)), thousands(int64(total))),
				measured: float64(made),
				limit:    float64(limit),
				unit:     count,
				detail:   why,
			})
		}
	}
	return rows, nil
}

// contactLimit is how many requests n contacts of a list may cost at most, and why: one each, or if
// there are more of them than pages, the list and as many single ones as it has pages. One request
// measures the list.
func contactLimit(n, pages int) (limit int, why string) {
	if n <= pages {
		return n + 1, "one each, and one for the list's length"
	}
	return 2*pages + 1, fmt.Sprintf("twice the optimum of %d, and one for the list's length", pages)
}

// pages is how many pages a list of n items has.
func pages(n int) int { return (n + pageSize - 1) / pageSize }

func (b *bench) requestsOfPlan(ctx context.Context, a account, config string, s state) (int, error) {
	space, err := b.workspace(ctx, b.real, config, a.env()...)
	if err != nil {
		return 0, err
	}
	if err := s.write(space); err != nil {
		return 0, err
	}
	if _, _, err := b.timed(ctx, space, "plan", "-detailed-exitcode"); err != nil {
		return 0, err
	}
	return len(a.Requests()), nil
}
