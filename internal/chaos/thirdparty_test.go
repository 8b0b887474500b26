package chaos

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const (
	longAgo = "2025-02-03T08:14:22Z"
	lag     = 1500 * time.Millisecond // outlasts the provider's first check, and ends before its last
)

// fault is a fault of the mock; its Message is its kind. A fault with events or an interrupt holds its request until
// they are over, so that they happen at a defined moment.
type fault struct {
	tidiomock.Fault

	events     []event
	interrupts bool
	lag        bool // no fault: reads lag behind writes instead
}

func (f fault) String() string {
	return fmt.Sprintf("%s (%s%s, skip %d, %dx) %v", f.Message, f.Method, f.Route, f.Skip, f.Times, f.events)
}

// disturbs reports whether others or an interrupt may change something that Terraform manages.
func (f fault) disturbs() bool {
	return f.lag || f.interrupts || f.Do == tidiomock.DeleteBetween ||
		slices.ContainsFunc(f.events, func(e event) bool { return e.disturbs })
}

const (
	thirdPartyEvent = "third party events during a write"
	userInterrupt   = "interrupt during a write"
	readLag         = "reads lag behind writes"
	withHint        = "429 with Retry-After"
)

var (
	// If these hit a read, a retry succeeds.
	retried = []tidiomock.FaultKind{
		tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutBefore, tidiomock.CutAfter, tidiomock.CutBody,
		tidiomock.HoldBefore,
	}
	// The reply is broken, or from another server.
	broken = []tidiomock.FaultKind{tidiomock.TruncatedJSON, tidiomock.NotFoundHTML, tidiomock.HTML}
	// Before or after the effect of a request.
	anyRequest  = slices.Concat(retried, broken, []tidiomock.FaultKind{tidiomock.HoldAfter})
	afterEffect = []tidiomock.FaultKind{
		tidiomock.FailAfter, tidiomock.CutAfter, tidiomock.CutBody, tidiomock.HoldAfter, tidiomock.TruncatedJSON,
	}
	refused   = []tidiomock.FaultKind{tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.FailAfter}
	onlyLists = []tidiomock.FaultKind{tidiomock.InsertBetween, tidiomock.DeleteBetween}
	holds     = []tidiomock.FaultKind{tidiomock.HoldBefore, tidiomock.HoldAfter}
	allFaults = func() (all []string) {
		for _, kind := range slices.Concat(anyRequest, onlyLists, []tidiomock.FaultKind{tidiomock.TooManyRequests}) {
			all = append(all, string(kind))
		}
		return append(all, withHint, thirdPartyEvent, userInterrupt, readLag)
	}()
)

// drawFaults draws the faults of a command.
func (c *campaign) drawFaults() (drawn []fault) {
	rng := c.rng
	add := func(kind tidiomock.FaultKind, method string, skip, times int) *fault {
		drawn = append(drawn, fault{Fault: tidiomock.Fault{
			Do: kind, Method: method, Skip: skip, Times: times, Message: string(kind),
		}})
		return &drawn[len(drawn)-1]
	}
	for range 2 { // as many as max_retries, so that retries recover
		add(pick(rng, retried), http.MethodGet, rng.IntN(6), 1)
	}
	if c.current.calm || rng.IntN(3) == 0 {
		f := add(tidiomock.TooManyRequests, "", rng.IntN(6), 1)
		f.Message, f.Header = withHint, http.Header{"Retry-After": {"1"}}
	}
	if c.current.calm {
		return drawn
	}
	add(pick(rng, onlyLists), http.MethodGet, rng.IntN(6), 1)
	writes := []string{http.MethodPost, http.MethodPost, http.MethodPatch, http.MethodDelete}
	if c.published && rng.IntN(2) == 0 { // a batch is refused, or its reply is lost
		f := add(pick(rng, slices.Concat(refused, refused, afterEffect)), http.MethodPost, 0, 1)
		f.Route = "/contacts/batch"
		switch f.Do {
		case tidiomock.FailAfter:
			f.Status = pick(rng, []int{400, 409, 413, 422, 500})
		case tidiomock.FailBefore:
			f.Status = pick(rng, []int{400, 404, 409, 413, 422, 500}) // a 404 is believed: there is no such route
		}
	}
	for range 1 + rng.IntN(4) { // writes: most often after the effect, once or more often than retries recover
		add(pick(rng, slices.Concat(anyRequest, broken, afterEffect)), pick(rng, writes), rng.IntN(3),
			pick(rng, []int{1, 1, 2, 4}))
	}
	switch rng.IntN(6) {
	case 0: // an outage of reads, or a single bad read
		add(pick(rng, anyRequest), http.MethodGet, rng.IntN(12), pick(rng, []int{1, 12}))
	case 1:
		add(tidiomock.TooManyRequests, pick(rng, writes), rng.IntN(3), 1)
	case 2, 3:
		f := add(pick(rng, holds), pick(rng, writes), rng.IntN(2), 1)
		f.Message, f.interrupts = userInterrupt, true
	}
	if rng.IntN(2) == 0 {
		f := add(tidiomock.HoldBefore, pick(rng, writes), rng.IntN(2), 1)
		f.Message = thirdPartyEvent
		for range 1 + rng.IntN(3) {
			f.events = append(f.events, c.drawEvent())
		}
	}
	if rng.IntN(4) == 0 {
		drawn = append(drawn, fault{lag: true, Fault: tidiomock.Fault{Message: readLag}})
	}
	return drawn
}

// event is something that the third party does. It is drawn before anything runs, so it refers to managed objects by
// their resource address.
type event struct {
	text     string
	disturbs bool                        // whether it changes what Terraform manages, or what it looks up
	do       func(ids map[string]string) // ids of managed objects, by resource address
}

func (e event) String() string { return e.text }

// drawEvent draws what the third party does during a command.
func (c *campaign) drawEvent() event {
	n := c.number()
	if _, p := free(c, c.desiredState.Properties, propertyAt); p != nil && c.rng.IntN(4) == 0 {
		return pick(c.rng, []event{c.thirdParty.editsLabel(p.Name, fmt.Sprint("Edited ", n)), c.thirdParty.deletesProperty(p.Name)})
	}
	if len(c.desiredState.Contacts) == 0 {
		return c.thirdParty.makesContact(tidiomock.Contact{ID: fmt.Sprint("cont_", n), Name: "Visitor", CreatedAt: longAgo})
	}
	res := pick(c.rng, sorted(c.desiredState.Contacts))
	one, address := c.desiredState.Contacts[res], contactAt(res)
	_, plan := one.Values["plan"]
	switch drawn := c.rng.IntN(4); {
	case drawn == 0 && plan && !c.current.touched[address]:
		return c.thirdParty.writes(address, "plan", fmt.Sprint("by hand ", n))
	case drawn == 1:
		return c.thirdParty.deletes(address)
	case drawn == 2: // the same e-mail address in another letter case: a contact that is not Terraform's
		return c.thirdParty.makesContact(tidiomock.Contact{
			ID: fmt.Sprint("cont_twin_", n), Email: strings.ToUpper(one.Email), CreatedAt: longAgo,
			Properties: map[string]any{"bot_note": fmt.Sprint(n)},
		})
	}
	return c.thirdParty.writes(address, "bot_note", fmt.Sprint("changed ", n))
}

// thirdParty is everybody else who works in the account, and a record of what they did.
type thirdParty struct {
	mock *tidiomock.Mock

	mu     sync.Mutex
	made   map[string]bool              // ids of contacts and names of properties
	merged map[string]bool              // ids of contacts that lead to another one
	wrote  map[string]map[string]string // values and fields by key, by the contact's id
}

func newThirdParty(mock *tidiomock.Mock) *thirdParty {
	t := &thirdParty{mock: mock, made: map[string]bool{}, merged: map[string]bool{}, wrote: map[string]map[string]string{}}
	for _, p := range seeded {
		t.perform(t.makesProperty(p), nil)
	}
	return t
}

// perform performs an event. It ignores objects that no longer exist.
func (t *thirdParty) perform(e event, ids map[string]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer func() {
		if cause := recover(); cause != nil && !strings.HasPrefix(fmt.Sprint(cause), "tidiomock: ") {
			panic(cause)
		}
	}()
	e.do(ids)
}

func (t *thirdParty) makesProperty(p tidiomock.Property) event {
	return event{"makes property " + p.Name, false, func(map[string]string) {
		t.made[p.Name] = true
		t.mock.AddProperty(p)
	}}
}

func (t *thirdParty) makesContact(c tidiomock.Contact) event {
	return event{"makes contact " + c.ID, true, func(map[string]string) {
		t.made[c.ID], t.wrote[c.ID] = true, contentOf(c)
		t.mock.AddContact(c)
	}}
}

func (t *thirdParty) merges(address string, into tidiomock.Contact) event {
	return event{"merges " + address + " into " + into.ID, true, func(ids map[string]string) {
		t.makesContact(into).do(ids)
		t.mock.MergeContacts(ids[address], into.ID)
		t.merged[ids[address]] = true
	}}
}

// writes writes a value. The value of a bot does not belong to Terraform.
func (t *thirdParty) writes(address, key, text string) event {
	isForeign := strings.HasPrefix(key, "bot_")
	return event{"writes " + key + " of " + address, !isForeign, func(ids map[string]string) {
		id := ids[address]
		t.mock.SetContactValue(id, key, text)
		if isForeign {
			if t.wrote[id] == nil {
				t.wrote[id] = map[string]string{}
			}
			t.wrote[id][key] = text
		}
	}}
}

func (t *thirdParty) deletes(address string) event {
	return event{"deletes " + address, true, func(ids map[string]string) { t.mock.DeleteContact(ids[address]) }}
}

func (t *thirdParty) deletesProperty(name string) event {
	return event{"deletes property " + name, true, func(map[string]string) { t.mock.DeleteProperty(name) }}
}

func (t *thirdParty) editsLabel(name, label string) event {
	return event{"labels property " + name, false, func(map[string]string) { t.mock.SetPropertyLabel(name, label) }}
}

// contentOf returns the fields and values of a contact that are not empty. The field name is v1's name or the
// published API's first name: the provider writes only one of them.
func contentOf(c tidiomock.Contact) map[string]string {
	all := map[string]string{"name": cmp.Or(c.FirstName, c.Name), "email": strings.ToLower(c.Email), "phone": c.Phone}
	for key, value := range c.Properties {
		if value != nil {
			all[key] = fmt.Sprint(value)
		}
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}

// addForeignValues lets bots and operators write to each managed contact that they have not written to.
func (t *thirdParty) addForeignValues(d *desiredState, ids map[string]string) {
	for i, res := range sorted(d.Contacts) {
		if id := ids[contactAt(res)]; id != "" && t.wrote[id]["bot_note"] == "" {
			t.perform(t.writes(contactAt(res), "bot_note", "seen"), ids)
			t.perform(t.writes(contactAt(res), "bot_score", fmt.Sprint(i)), ids)
		}
	}
}

// afterDeletes does what Tidio does with the values of a deleted property, and creates the third party's properties
// again. It reports whether any property was deleted.
func (t *thirdParty) afterDeletes(before []tidiomock.Property) (deleted bool) {
	for _, p := range before {
		if _, exists := t.mock.Property(p.Name); exists {
			continue
		}
		deleted = true
		for _, c := range t.mock.Contacts() {
			if _, has := c.Properties[p.Name]; has {
				t.mock.SetContactValue(c.ID, p.Name, nil)
			}
			delete(t.wrote[c.ID], p.Name)
		}
		if slices.ContainsFunc(seeded, func(own tidiomock.Property) bool { return own.Name == p.Name }) {
			t.mock.AddProperty(p)
		}
	}
	return deleted
}
