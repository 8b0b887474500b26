package provider

import (
	"context"
	"time"
)

// cancelGrace is how long the outcome of a write is still looked for after the user has interrupted.
const cancelGrace = 20 * time.Second

// withCancelGrace returns a context that ends grace later than ctx.
func withCancelGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(longer, func() { timer.Stop() })
	})
	return longer, func() {
		stop()
		cancel()
	}
}
