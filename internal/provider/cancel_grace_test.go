package provider

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestWithCancelGrace_end(t *testing.T) {
	for name, c := range map[string]struct {
		interrupted, done time.Duration // 0 = never
		want              time.Duration // when the longer context ends
	}{
		"interrupted":               {interrupted: 5 * time.Second, want: 25 * time.Second},
		"done":                      {done: time.Second, want: time.Second},
		"done after an interrupt":   {interrupted: time.Second, done: 2 * time.Second, want: 2 * time.Second},
		"done long after its grace": {interrupted: time.Second, done: time.Hour, want: 21 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx, interrupt := context.WithCancel(t.Context())
				longer, cancel := withCancelGrace(ctx, 20*time.Second)
				for after, end := range map[time.Duration]context.CancelFunc{c.interrupted: interrupt, c.done: cancel} {
					if after > 0 {
						defer time.AfterFunc(after, end).Stop()
					}
				}
				<-longer.Done()
				if got := time.Since(began); got != c.want {
					t.Errorf("it ended after %v, want %v", got, c.want)
				}
				interrupt()
				cancel()
			})
		})
	}
}
