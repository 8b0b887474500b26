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

// storm is what goes wrong during one command.
type storm []*gust

// gust is a fault. One with acts holds a request while somebody does something: so it happens at a
// definite moment, whatever the machine is busy with.
type gust struct {
	fault tidiomock.Fault
	acts  []act
	lag   time.Duration // of all reads, in place of a fault
}

const (
	contacts   = "/contacts"
	oneContact = "/contacts/{id}"
	properties = "/properties"
)

func (g *gust) String() string {
	return fmt.Sprintf("%s: %s %s, %d times after %d %v", label(g.fault), g.fault.Method, g.fault.Route,
		g.fault.Times, g.fault.Skip, g.acts)
}

// Kinds of fault that are told apart by more than what they do.
const (
	hinted         = "429 with Retry-After"
	whileOthersAct = "held while others act"
	forInterrupt   = "held for an interrupt"
	lagging        = "reads that lag behind writes"
)

// faultKinds are those that are counted, in the order of the report.
var faultKinds = []struct {
	label string
	do    tidiomock.FaultKind
}{
	{hinted, ""},
	{"429 without a hint", tidiomock.TooManyRequests},
	{"500 before the effect", tidiomock.FailBefore},
	{"500 after the effect", tidiomock.FailAfter},
	{"cut before the effect", tidiomock.CutBefore},
	{"cut after the effect", tidiomock.CutAfter},
	{"cut within the body", tidiomock.CutBody},
	{"truncated JSON", tidiomock.TruncatedJSON},
	{"past the deadline, before the effect", tidiomock.HoldBefore},
	{"past the deadline, after the effect", tidiomock.HoldAfter},
	{"inserted between pages", tidiomock.InsertBetween},
	{"deleted between pages", tidiomock.DeleteBetween},
	{whileOthersAct, ""},
	{forInterrupt, ""},
	{lagging, ""},
}

// label names the kind of a fault as the report does.
func label(f tidiomock.Fault) string {
	switch {
	case f.Do == tidiomock.TooManyRequests && f.Header != nil:
		return hinted
	case f.Message != "": // of no use to a hold: it says what the hold is for
		return f.Message
	}
	for _, kind := range faultKinds {
		if kind.do == f.Do {
			return kind.label
		}
	}
	panic("a fault that is not in the report: " + f.Do)
}

// add puts a fault into the storm.
func (s *storm) add(method, route string, do tidiomock.FaultKind, skip, times int) *gust {
	g := &gust{fault: tidiomock.Fault{Method: method, Route: route, Do: do, Skip: skip, Times: times}}
	*s = append(*s, g)
	return g
}

// lag makes reads show what was before a write, for longer than the first look again and less than the last.
func (s *storm) lag() {
	*s = append(*s, &gust{lag: 1500 * time.Millisecond, fault: tidiomock.Fault{Message: lagging, Times: 1}})
}

var soon = http.Header{"Retry-After": {"1"}}

// brewApply is the weather of an apply. It draws what leaves the run alone and what breaks it in
// such numbers that a good part of the runs end either way.
func brewApply(rng *rand.Rand, d *desired, b *batch) storm {
	var s storm
	s.breeze(rng)
	switch drawn := rng.IntN(100); {
	case drawn < 30: // and that is all
	case drawn < 65:
		for range 1 + rng.IntN(3) {
			s.squall(rng)
		}
	case drawn < 77:
		s.outage(rng)
	case drawn < 92:
		s.add(pick(rng, []string{"POST", "PATCH", "DELETE"}), "", tidiomock.TooManyRequests, rng.IntN(3), 1)
	}
	if rng.IntN(100) < 45 {
		s.moment(rng, d, b)
	}
	if rng.IntN(100) < 25 {
		s.lag()
	}
	if rng.IntN(100) < 25 {
		g := s.add(pick(rng, []string{"POST", "POST", "PATCH", "DELETE"}), "",
			pick(rng, []tidiomock.FaultKind{tidiomock.HoldBefore, tidiomock.HoldAfter}), rng.IntN(4), 1)
		g.fault.Message = forInterrupt
		g.acts = []act{{do: interrupt}}
	}
	return s
}

// brewRefresh is the weather of a plan or a refresh.
func brewRefresh(rng *rand.Rand) storm {
	var s storm
	s.breeze(rng)
	if rng.IntN(2) == 0 {
		s.outage(rng)
	}
	return s
}

// breeze is what a run should survive. A run reads little, so what meets reads does not wait long.
func (s *storm) breeze(rng *rand.Rand) {
	for range 2 + rng.IntN(4) {
		skip := rng.IntN(6)
		switch rng.IntN(7) {
		case 0:
			s.add(http.MethodGet, pick(rng, []string{oneContact, properties}), pick(rng, []tidiomock.FaultKind{
				tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutBefore, tidiomock.CutAfter, tidiomock.CutBody,
			}), skip, 1)
		case 1:
			s.add("", "", tidiomock.TooManyRequests, skip, 1).fault.Header = soon
		case 2, 3:
			s.add(http.MethodGet, properties, tidiomock.InsertBetween, skip, 1)
		case 4:
			s.add(http.MethodGet, properties, tidiomock.DeleteBetween, 1+skip, 1)
		case 5:
			s.add(http.MethodGet, contacts, pick(rng, []tidiomock.FaultKind{
				tidiomock.InsertBetween, tidiomock.InsertBetween, tidiomock.DeleteBetween,
			}), rng.IntN(4), 1)
		case 6:
			s.add(http.MethodPost, properties, pick(rng, []tidiomock.FaultKind{
				tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutBefore, tidiomock.CutAfter,
				tidiomock.TruncatedJSON, tidiomock.CutBody, tidiomock.HoldBefore, tidiomock.HoldAfter,
			}), rng.IntN(2), 1)
		}
	}
}

// squall is trouble with writes.
func (s *storm) squall(rng *rand.Rand) {
	hard := []tidiomock.FaultKind{
		tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutBefore, tidiomock.CutAfter,
		tidiomock.TruncatedJSON, tidiomock.CutBody,
	}
	held := []tidiomock.FaultKind{tidiomock.HoldBefore, tidiomock.HoldAfter}
	switch rng.IntN(8) {
	case 0, 1, 2:
		s.add(http.MethodPost, contacts, pick(rng, hard), rng.IntN(4), 1+rng.IntN(2))
	case 3:
		s.add(http.MethodPost, contacts, pick(rng, held), rng.IntN(2), 1+rng.IntN(2))
	case 4:
		s.add(http.MethodPost, properties, pick(rng, hard), 0, 3+rng.IntN(3))
	case 5:
		s.add(http.MethodPatch, oneContact, pick(rng, hard), rng.IntN(3), 2+rng.IntN(5))
	case 6:
		s.add(http.MethodDelete, oneContact, pick(rng, hard), rng.IntN(2), 2+rng.IntN(5))
	case 7:
		s.add(pick(rng, []string{http.MethodPatch, http.MethodDelete}), oneContact, pick(rng, held), rng.IntN(2), 1)
	}
}

// outage is trouble with reads that is too long for retries.
func (s *storm) outage(rng *rand.Rand) {
	route := pick(rng, []string{oneContact, properties, ""})
	switch rng.IntN(3) {
	case 0:
		s.add(http.MethodGet, route, pick(rng, []tidiomock.FaultKind{
			tidiomock.FailBefore, tidiomock.CutBefore, tidiomock.CutAfter, tidiomock.CutBody,
		}), rng.IntN(6), 30)
	case 1:
		s.add(http.MethodGet, route, tidiomock.TruncatedJSON, rng.IntN(6), 1)
	case 2:
		s.add(http.MethodGet, route, tidiomock.HoldBefore, rng.IntN(6), 12)
	}
}

// moment lets others act while a write is held.
func (s *storm) moment(rng *rand.Rand, d *desired, b *batch) {
	g := s.add(pick(rng, []string{"POST", "PATCH", "DELETE", "POST"}), "", tidiomock.HoldBefore, rng.IntN(3), 1)
	g.fault.Message = whileOthersAct
	for range 1 + rng.IntN(3) {
		if a, ok := meddle(rng, d, b); ok {
			g.acts = append(g.acts, a)
		}
	}
}

// meddle is something that others do to what is managed, if there is anything to do it to.
func meddle(rng *rand.Rand, d *desired, b *batch) (a act, ok bool) {
	anyContact := func() *contact {
		var old []*contact
		for _, c := range d.contacts {
			if !slices.Contains(b.joined, c) {
				old = append(old, c)
			}
		}
		if len(old) == 0 {
			return nil
		}
		return pick(rng, old)
	}
	n := d.number()
	switch rng.IntN(8) {
	case 0, 1:
		if c := anyContact(); c != nil {
			return act{do: writeForeign, address: c.address(), key: "bot_note", text: fmt.Sprintf("changed %d", n)}, true
		}
	case 2:
		c := pickFree(rng, d.contacts, b, func(c *contact) bool { return len(c.values) > 0 })
		if c == nil {
			return a, false
		}
		if v := pick(rng, c.values); v.kind == "text" {
			return act{do: writeOwned, address: c.address(), key: d.keyOf(v), text: fmt.Sprintf("by hand %d", n)}, true
		}
	case 3:
		c := anyContact()
		for range 5 { // rather one that the run is about to change
			if c != nil && !b.touched[c.address()] {
				c = anyContact()
			}
		}
		if c != nil {
			return act{do: deleteContact, address: c.address()}, true
		}
	case 4:
		if len(b.joined) > 0 {
			c := pick(rng, b.joined)
			return act{do: makeContact, contact: tidiomock.Contact{
				ID: fmt.Sprintf("cont_twin_%d", n), Email: strings.ToUpper(c.email), CreatedAt: "2025-02-03T08:14:22Z",
				Properties: map[string]any{"bot_note": fmt.Sprintf("came by %d", n)},
			}}, true
		}
	case 5:
		if len(b.made) > 0 {
			p := pick(rng, b.made)
			return act{do: makeProperty, property: tidiomock.Property{
				ID: fmt.Sprintf("prop_twin_%d", n), Name: p.name, Label: "By others", Type: p.kind,
			}}, true
		}
	case 6:
		if p := pickFree(rng, d.properties, b, nil); p != nil {
			return act{do: editLabel, address: p.address(), name: p.name, text: fmt.Sprintf("Edited %d", n)}, true
		}
	case 7:
		if p := pickFree(rng, d.properties, b, nil); p != nil {
			return act{do: deleteProperty, address: p.address(), name: p.name}, true
		}
	}
	return a, false
}
