package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHooks_seeNoQueryNoHeaderAndNoBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newFake(patient, inTurn(
			late(2*time.Second, says(429, "Retry-After", "5", "Set-Cookie", "session=cookie")),
			fails(errRefused),
			late(time.Second, says(201, "Set-Cookie", "session=cookie")),
		))
		equal(t, "status", api.do(t.Context(), http.MethodPost).status, 201)
		attempt := Attempt{Method: http.MethodPost, Path: "/v1/things"}
		first, second, third := attempt, attempt, attempt
		first.Number, first.Status, first.Bytes, first.Duration = 1, 429, 2, 2*time.Second
		second.Number = 2
		third.Number, third.Status, third.Bytes, third.Duration = 3, 201, 2, time.Second
		equal(t, "error for the hook", errors.Is(api.attempts[1].Err, errRefused), true)
		told := fmt.Sprintf("%v %+v %#v %+v", api.attempts, api.attempts, api.attempts[0], api.waits)
		api.attempts[1].Err = nil
		if diff := cmp.Diff([]Attempt{first, second, third}, api.attempts); diff != "" {
			t.Error("attempts (-want +got):\n" + diff)
		}
		for _, secret := range []string{"secret", "Bearer", "cookie", "plan", "page"} {
			if strings.Contains(told, secret) {
				t.Errorf("a hook was told %q: %s", secret, told)
			}
		}
	})
}

func TestHooks_mayBeMissingAndGetTheCallersContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		api := newFake(patient, inTurn(says(500), says(429), says(200)))
		seen := 0
		see := func(ctx context.Context) {
			if ctx.Value(key{}) == "value" && ctx.Err() == nil {
				seen++
			}
		}
		hooks := Hooks{
			Attempt: func(ctx context.Context, _ Attempt) { see(ctx) },
			Wait:    func(ctx context.Context, _ Wait) { see(ctx) },
		}
		for _, given := range []Hooks{{}, hooks} {
			options := patient
			options.Base, options.Hooks = api, given
			api.Transport, api.calls = New(options), nil
			allOK(t, api.do(context.WithValue(t.Context(), key{}, "value"), http.MethodPatch))
		}
		equal(t, "calls of hooks", seen, 5)
	})
}
