package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// round is what happens in a round; all of it is drawn before anything runs.
type round struct {
	touched     map[string]bool // addresses that the round changes
	mayFailPlan bool            // whether something may be done that fails the plan, so that nothing is written
	renames     bool            // whether properties may be renamed, or contacts with create_before_destroy removed:
	// both at once are a cycle for the engine
	before []event     // what the third party does before the command
	first  []string    // a command over the old configuration, under faults; nil = none
	taint  []string    // addresses
	args   []string    // -replace=ADDRESS, of apply
	faults [2]schedule // of the first command, and of apply
}

// touch marks an address as changed by this round, unless it is already.
func (r *round) touch(address string) bool {
	if r.touched[address] {
		return false
	}
	r.touched[address] = true
	return true
}

func (r *round) replace(rng *rand.Rand, address string) bool {
	if rng.IntN(2) == 0 {
		r.taint = append(r.taint, address)
	} else {
		r.args = append(r.args, "-replace="+address)
	}
	return r.touch(address)
}

// replaces reports whether the round replaces an address.
func (r *round) replaces(address string) bool {
	return slices.Contains(r.taint, address) || slices.Contains(r.args, "-replace="+address)
}

// schedule is the faults of one command.
type schedule []fault

// fault is a fault of the mock. One with events holds its request until they are done, so they happen at a
// definite moment.
type fault struct {
	kind string
	tidiomock.Fault
	events []event
	lag    bool // reads lag behind writes, in place of a fault
}

const (
	thirdPartyEvent = "third party events during a write"
	userInterrupt   = "interrupt during a write"
	readLag         = "reads lag behind writes"
	withHint        = "429 with Retry-After"
)

var (
	// Of a read, retries mend these.
	retried = []tidiomock.FaultKind{
		tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutBefore, tidiomock.CutAfter, tidiomock.CutBody,
		tidiomock.HoldBefore,
	}
	// Each has the effect or has not; the reply is lost, broken or another's.
	anyRequest = append(slices.Clip(retried), tidiomock.HoldAfter, tidiomock.TruncatedJSON, tidiomock.NotFoundHTML,
		tidiomock.HTML)
	afterEffect = []tidiomock.FaultKind{
		tidiomock.FailAfter, tidiomock.CutAfter, tidiomock.CutBody, tidiomock.HoldAfter, tidiomock.TruncatedJSON,
	}
	onlyLists = []tidiomock.FaultKind{tidiomock.InsertBetween, tidiomock.DeleteBetween}
	allFaults = func() (all []string) {
		for _, kind := range slices.Concat(anyRequest, onlyLists, []tidiomock.FaultKind{tidiomock.TooManyRequests}) {
			all = append(all, string(kind))
		}
		return append(all, withHint, thirdPartyEvent, userInterrupt, readLag)
	}()
)

// draw draws the faults of a command. About a third of the commands meet none that retries do not mend.
func draw(rng *rand.Rand, d *desired, r *round) (s schedule) {
	add := func(kind tidiomock.FaultKind, method string, skip, times int) *fault {
		s = append(s, fault{kind: string(kind), Fault: tidiomock.Fault{Do: kind, Method: method, Skip: skip, Times: times}})
		return &s[len(s)-1]
	}
	writes := []string{http.MethodPost, http.MethodPost, http.MethodPatch, http.MethodDelete}
	for range 1 + rng.IntN(4) { // what retries mend
		add(pick(rng, slices.Concat(retried, onlyLists)), http.MethodGet, rng.IntN(6), 1)
	}
	if rng.IntN(3) == 0 {
		f := add(tidiomock.TooManyRequests, "", rng.IntN(6), 1)
		f.kind, f.Header = withHint, http.Header{"Retry-After": {"1"}}
	}
	for range 1 + rng.IntN(4) { // writes, most often after their effect, once or for longer than the retries
		add(pick(rng, slices.Concat(anyRequest, afterEffect, afterEffect)), pick(rng, writes), rng.IntN(3),
			pick(rng, []int{1, 1, 2, 4}))
	}
	if d.published && rng.IntN(2) == 0 { // creates leave in batches, and so there are few POSTs
		kind := pick(rng, slices.Concat(afterEffect, []tidiomock.FaultKind{tidiomock.FailBefore}))
		f := add(kind, http.MethodPost, 0, 1)
		f.Route = "/contacts/batch"
		if f.Do == tidiomock.FailAfter || f.Do == tidiomock.FailBefore {
			f.Status = pick(rng, []int{400, 404, 409, 413, 422, 500})
		}
	}
	switch rng.IntN(6) {
	case 0: // an outage of reads, or one that cannot be read
		add(pick(rng, anyRequest), http.MethodGet, rng.IntN(12), pick(rng, []int{1, 12}))
	case 1:
		add(tidiomock.TooManyRequests, pick(rng, writes), rng.IntN(3), 1)
	case 2, 3:
		hold := pick(rng, []tidiomock.FaultKind{tidiomock.HoldBefore, tidiomock.HoldAfter})
		f := add(hold, pick(rng, writes), rng.IntN(2), 1)
		f.kind, f.events = userInterrupt, []event{{do: interrupt}}
	}
	if rng.IntN(2) == 0 {
		f := add(tidiomock.HoldBefore, pick(rng, writes), rng.IntN(2), 1)
		f.kind = thirdPartyEvent
		for range 1 + rng.IntN(3) {
			f.events = append(f.events, drawEvent(rng, d, r))
		}
	}
	if rng.IntN(4) == 0 {
		s = append(s, fault{kind: readLag, lag: true})
	}
	return s
}

// lag is longer than the first look again and shorter than the last.
const lag = 1500 * time.Millisecond

// disturbs reports whether anything of Terraform's own may have been changed by others or an interrupt.
func (s schedule) disturbs() bool {
	return slices.ContainsFunc(s, func(f fault) bool {
		return f.lag || f.Do == tidiomock.DeleteBetween || slices.ContainsFunc(f.events, event.disturbs)
	})
}

func (s schedule) String() string {
	var all []string
	for _, f := range s {
		all = append(all, fmt.Sprintf("%s (%s, skip %d, %dx) %v", f.kind, f.Method, f.Skip, f.Times, f.events))
	}
	return strings.Join(all, "\n  ")
}
