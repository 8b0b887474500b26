package tidio

import (
	"context"
	"math"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// singles reads objects of a collection one by one for as long as that is cheaper than its list:
// until as many were read as the list has pages. From then on it is the list that is read. So
// whatever is asked for costs at most twice what it would have cost at best, and one request to
// learn how long the list is.
type singles[T identified] struct {
	snapshot *snapshot[T]
	measure  func(ctx context.Context) (pages int, err error) // of the list; 0 = the API does not say

	first turn // of those that go first: what is wrong with all is found out by one
	sent  int
	pages int // of the list; 0 = not measured yet
}

func newSingles[T identified](s *snapshot[T], measure func(context.Context) (int, error)) *singles[T] {
	return &singles[T]{snapshot: s, measure: measure, first: newTurn()}
}

// find returns one object, if possible from what this client has read or written already.
func (s *singles[T]) find(ctx context.Context, id string) (item T, err error) {
	if err := s.first.take(ctx); err != nil {
		return item, s.snapshot.call(id).because(Cancelled, err)
	}
	item, known := s.snapshot.known(id)
	failed := AsError(s.snapshot.failed())
	switch {
	case known:
		s.first.give()
		return item, nil
	case failed != nil && failed.concernsAll(): // one that is about the list alone says nothing of single reads
		s.first.give()
		return item, failed
	case s.sent == 0 && !s.snapshot.isRead():
		defer s.first.give()
		s.sent++
		item, err = s.snapshot.single(ctx, id)
		s.confirm(ctx, err)
		return item, err
	}
	single, err := s.cheaper(ctx)
	s.first.give()
	switch {
	case err != nil:
		return item, err
	case !single:
		return s.snapshot.find(ctx, id)
	}
	item, err = s.snapshot.single(ctx, id)
	if err != nil && s.first.take(ctx) == nil {
		s.confirm(ctx, err)
		s.first.give()
	}
	return item, err
}

// confirm finds out whether what went wrong with one object is wrong with all: then it is not tried
// with each of them. The caller has the turn.
func (s *singles[T]) confirm(ctx context.Context, err error) {
	if err == nil || s.snapshot.failed() != nil || !AsError(err).concernsAll() {
		return
	}
	_, err = s.measure(transport.Once(ctx))
	s.snapshot.fail(err)
}

// cheaper reports whether one more object is to be read by itself, and counts it. It measures the
// list first, if that is still to be done. The caller has the turn.
func (s *singles[T]) cheaper(ctx context.Context) (single bool, err error) {
	if s.pages == 0 && !s.snapshot.isRead() {
		pages, err := s.measure(ctx)
		if err != nil {
			s.snapshot.fail(err)
			return false, err
		}
		if s.pages = pages; pages == 0 {
			s.pages = math.MaxInt
		}
	}
	if s.snapshot.isRead() || s.sent >= s.pages {
		return false, nil
	}
	s.sent++
	return true, nil
}
