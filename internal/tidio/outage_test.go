package tidio

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// writeKinds are the kinds of write, each as a call about an object of its own.
var writeKinds = map[string]struct {
	fault tidiomock.Fault
	write func(ctx context.Context, api account, i int) error
}{
	"create property": {
		tidiomock.Fault{Method: http.MethodPost, Route: "/properties"},
		func(ctx context.Context, api account, i int) error {
			name := fmt.Sprintf("new %d", i)
			_, err := api.CreateProperty(ctx, NewProperty{Name: name, Label: name, Type: "text"}, true)
			return err
		},
	},
	"create contact": {
		tidiomock.Fault{Method: http.MethodPost, Route: "/contacts"},
		func(ctx context.Context, api account, _ int) error {
			_, err := api.CreateContact(ctx, rename("New"))
			return err
		},
	},
	"update contact": {
		tidiomock.Fault{Method: http.MethodPatch, Route: "/contacts/{id}"},
		func(ctx context.Context, api account, i int) error {
			_, err := api.UpdateContact(ctx, contactID(i), rename("Changed"))
			return err
		},
	},
	"delete contact": {
		tidiomock.Fault{Method: http.MethodDelete, Route: "/contacts/{id}"},
		func(ctx context.Context, api account, i int) error {
			_, err := api.DeleteContact(ctx, contactID(i))
			return err
		},
	},
}

// An API that fails every write costs the retries of five, not of all; a minute later it is tried again.
func TestWritesThatAllFailAreNotAllTried(t *testing.T) {
	for name, kind := range writeKinds {
		for _, status := range []int{http.StatusInternalServerError, http.StatusForbidden} {
			t.Run(fmt.Sprintf("%s, %d", name, status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api := newAccount(t, tidiomock.Config{}, nil)
					api.addContacts(20)
					fault := kind.fault
					fault.Do, fault.Status, fault.Times = tidiomock.FailBefore, status, -1
					api.arm(t, fault)
					var sent int
					for i := range 12 {
						failed := AsError(kind.write(t.Context(), api, i))
						if failed == nil || failed.Status != status {
							t.Fatalf("write %d: %v", i, failed)
						}
						equal(t, "not tried", failed.Repeated, i >= manyFailures)
						equal(t, "looked for in vain", failed.Absent, name == "create property" && !failed.Repeated && status >= 500)
						equal(t, "may have landed", failed.MaybeLanded, !failed.Repeated && status >= 500)
						if i == manyFailures {
							sent = len(api.sent())
						}
					}
					equal(t, "requests", len(api.sent()), sent)

					api.mock.Disarm()
					pass(outageHold)
					for i := range 12 {
						succeeds(t, kind.write(t.Context(), api, i))
					}
				})
			})
		}
	}
}

// What one object cannot have written does not keep the others from it.
func TestWritesThatFailNowAndThenAreAllTried(t *testing.T) {
	for name, kind := range writeKinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				api.addContacts(20)
				once := transport.Once(t.Context())
				for i := range 12 {
					broken := i%manyFailures != 0
					if broken {
						fault := kind.fault
						fault.Do, fault.Times = tidiomock.FailBefore, -1
						api.arm(t, fault)
					}
					err := kind.write(once, api, i)
					equal(t, fmt.Sprintf("write %d fails", i), err != nil, broken)
					equal(t, "not tried", err != nil && AsError(err).Repeated, false)
					api.mock.Disarm()
				}
			})
		})
	}
}

// A write that the API refuses, or that was given up, says nothing of the others.
func TestRefusedWritesAreAllTried(t *testing.T) {
	var s series
	for range 3 * manyFailures {
		for _, kind := range []Kind{Refused, NotFound, Exists, RateLimited, Cancelled} {
			s.note(&Error{Kind: kind})
			succeeds(t, s.standing())
		}
	}
	for range manyFailures - 1 {
		s.note(&Error{Kind: Unavailable})
		s.note(&Error{Kind: Cancelled})
		succeeds(t, s.standing())
	}
	s.note(&Error{Kind: TimedOut, MaybeLanded: true})
	failed := failure(t, s.standing(), TimedOut)
	equal(t, "not tried", failed.Repeated, true)
	equal(t, "may have landed", failed.MaybeLanded, false)
}

// One caller is told what is wrong; the others, that it is the same.
func TestAFailureThatServesAllIsToldOnce(t *testing.T) {
	faults := map[string]tidiomock.Fault{
		"wrong key": {Method: http.MethodGet, Do: tidiomock.FailBefore, Status: http.StatusUnauthorized, Times: -1},
		"down":      {Method: http.MethodGet, Do: tidiomock.FailBefore, Status: http.StatusBadGateway, Times: -1},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{Latency: time.Second}, nil)
				api.arm(t, fault)
				told := 0
				for _, err := range append(
					atOnce(20, func(int) error { _, err := api.FindProperty(t.Context(), "p1"); return err }),
					atOnce(20, func(int) error { _, err := api.FindProperty(t.Context(), "p2"); return err })...,
				) {
					failed := AsError(err)
					equal(t, "status", failed.Status, fault.Status)
					if !failed.Repeated {
						told++
					}
				}
				equal(t, "errors that are not repeated", told, 1)
			})
		})
	}
}

// A key that was refused is refused for every collection.
func TestAKeyIsRefusedOnce(t *testing.T) {
	client, api := newFake(t, always(http.StatusUnauthorized, `{"message":"No."}`))
	_, err := client.ListProperties(t.Context())
	equal(t, "the first is repeated", failure(t, err, Unauthorized).Repeated, false)
	_, err = client.CreateContact(t.Context(), rename("New"))
	equal(t, "the second is repeated", failure(t, err, Unauthorized).Repeated, true)
	equal(t, "requests", strings.Join(api.sent(), ", "), "GET properties")
}
