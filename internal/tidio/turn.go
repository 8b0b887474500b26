package tidio

import "context"

// turn lets one at a time go on.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for one's turn, or until ctx ends.
func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t turn) give() { <-t }
