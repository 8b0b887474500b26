package tidio

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// `make chaos` asks for more than `make test` does.
var (
	chaosCalls = flag.Int("chaos.calls", 1000, "calls that TestChaos makes for each seed")
	chaosSeed  = flag.Uint64("chaos.seed", 1, "first seed of TestChaos")
	chaosSeeds = flag.Int("chaos.seeds", 1, "how many seeds TestChaos takes")
)

// TestChaos makes calls over an API that misbehaves in every way, ten at a time, and holds what the
// client said of each against what the account has. The faults and the calls of each worker come
// from the seed; which call meets which fault, the scheduler decides, too.
func TestChaos(t *testing.T) {
	for i := range *chaosSeeds {
		seed := *chaosSeed + uint64(i) //nolint:gosec // a count is not negative
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			// A client lives as long as a process of the provider: some errors are final for it.
			const callsOfOneClient = 100
			c := &chaos{random: rand.New(rand.NewPCG(seed, 0))}
			for made := 0; made < *chaosCalls; made += callsOfOneClient {
				synctest.Test(t, func(t *testing.T) { c.oneClient(t, callsOfOneClient) })
			}
			t.Logf("%d calls (%d failed), %d requests, %d faults met", c.calls, c.failed, c.requests, c.faults)
			t.Logf("duplicates %d, lost %d, foreign values changed %d, wrong answers %d; goroutines left 0, or synctest "+
				"would not have ended", c.duplicates, c.lost, c.foreign, c.wrong)
			if c.faults < c.calls/20 || c.failed == 0 || c.failed > c.calls/2 {
				t.Error("the faults were too few, or too many, to prove anything")
			}
		})
	}
}

// chaos is what the clients of one seed have done.
type chaos struct {
	random *rand.Rand

	// othersDelete says that others delete between two pages: that moves items to a page that was read
	// already, and if another item comes meanwhile, no client can tell that one was missed.
	othersDelete bool

	mu         sync.Mutex
	contacts   map[string]*chaosContact // by e-mail
	calls      int
	failed     int
	requests   int
	faults     int
	duplicates int
	lost       int
	foreign    int
	wrong      int
}

// chaosContact is a contact as its worker, the only one who writes to it, knows it.
type chaosContact struct {
	id      string
	email   string
	name    string
	unsure  bool // whether the name is this: a change was given up, and may land still
	deleted bool
	doomed  bool   // a delete was given up, and may land still
	note    string // what others wrote into it last
}

// worker makes some of the calls.
type chaosWorker struct {
	*chaos
	t      *testing.T
	api    account
	random *rand.Rand
	prefix string
	mine   []*chaosContact
	owned  []Property
}

const chaosWorkers = 10

// oneClient is a client's life: an account of its own, calls under faults, and the count of the damage.
func (c *chaos) oneClient(t *testing.T, calls int) {
	t.Helper()
	api := newAccount(t, tidiomock.Config{
		PageSize: 7, RequestsPerMinute: 240, Latency: 20 * time.Millisecond, HideRateHeaders: c.random.IntN(2) == 0,
		Replies: tidiomock.Replies{
			WrapSingle: c.random.IntN(2) == 0, Write: tidiomock.WriteReply(c.random.IntN(2)), // with an id
		},
	}, nil)
	api.mock.AddProperty(tidiomock.Property{Name: "note", Type: "text"})
	c.contacts, c.othersDelete = map[string]*chaosContact{}, c.random.IntN(2) == 0
	armed := c.arm(api.mock, calls/5)

	var all sync.WaitGroup
	for i := range chaosWorkers {
		w := &chaosWorker{
			chaos: c, t: t, api: api, prefix: fmt.Sprintf("w%d", i),
			random: rand.New(rand.NewPCG(c.random.Uint64(), 0)),
		}
		all.Go(func() {
			for call := range calls / chaosWorkers {
				w.call(call)
			}
		})
	}
	all.Wait()
	c.faults += armed - len(api.mock.Unfired())
	c.requests += len(api.sent())
	api.mock.Disarm()
	c.audit(t, api)
}

// arm arms faults in a row: each lets some requests through and meets one.
func (c *chaos) arm(mock *tidiomock.Mock, n int) int {
	kinds := []tidiomock.FaultKind{
		tidiomock.FailBefore, tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.FailAfter, tidiomock.CutBefore,
		tidiomock.CutAfter, tidiomock.CutBody, tidiomock.TooManyRequests, tidiomock.HoldBefore, tidiomock.HoldAfter,
		tidiomock.TruncatedJSON, tidiomock.InsertBetween, tidiomock.DeleteBetween,
	}
	// What is deleted between pages is the first of the list: that must be nobody's.
	for range n {
		mock.AddProperty(tidiomock.Property{Name: fmt.Sprintf("others %d", c.random.Uint64()), Type: "text"})
		mock.AddContact(tidiomock.Contact{Name: "Others"})
	}
	for range n {
		fault := tidiomock.Fault{Do: kinds[c.random.IntN(len(kinds))], Skip: c.random.IntN(8)}
		if fault.Do == tidiomock.DeleteBetween && !c.othersDelete {
			fault.Do = tidiomock.InsertBetween
		}
		switch fault.Do {
		case tidiomock.FailBefore, tidiomock.FailAfter:
			fault.Status = []int{408, 500, 502, 503}[c.random.IntN(4)]
		case tidiomock.TooManyRequests:
			if c.random.IntN(2) == 0 {
				fault.Header = http.Header{"Retry-After": {"3"}}
			}
		}
		mock.Arm(fault)
	}
	return n
}

// call makes a random call, which may be given up at any time.
func (w *chaosWorker) call(number int) {
	ctx, cancel := w.t.Context(), context.CancelFunc(func() {})
	if w.random.IntN(10) == 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(w.random.IntN(2000))*time.Millisecond)
	}
	defer cancel()
	err := w.pick(number)(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if err != nil {
		w.failed++
	}
}

func (w *chaosWorker) pick(number int) func(context.Context) error {
	name := fmt.Sprintf("%s-%d", w.prefix, number)
	choice := w.random.IntN(14)
	if len(w.mine) == 0 || choice < 2 {
		return func(ctx context.Context) error { return w.createContact(ctx, name) }
	}
	contact := w.mine[w.random.IntN(len(w.mine))]
	switch choice {
	case 2, 3, 4:
		return func(ctx context.Context) error { return w.createProperty(ctx, name) }
	case 5, 6:
		return func(ctx context.Context) error { return w.updateContact(ctx, contact, name) }
	case 7:
		return func(ctx context.Context) error { return w.deleteContact(ctx, contact) }
	case 8, 9:
		w.othersWrite(contact, name)
		return func(ctx context.Context) error { return w.findContact(ctx, contact) }
	case 10:
		return w.listProperties
	case 11:
		return w.listContacts
	case 12:
		return func(ctx context.Context) error { return w.findByEmail(ctx, contact) }
	}
	return w.findProperty
}

func (w *chaosWorker) createProperty(ctx context.Context, name string) error {
	list, err := w.api.ListProperties(ctx)
	if err != nil {
		return err
	}
	created, err := w.api.CreateProperty(ctx, NewProperty{Name: name, Label: name, Type: "text"}, list)
	there, exists := w.api.mock.Property(name)
	if err != nil {
		w.check(&w.lost, !exists || AsError(err).OutcomeUnknown,
			"property %q is there, and the error does not say so: %v", name, err)
		return err
	}
	w.check(&w.lost, exists && there.ID == created.ID, "property %q was created, and is not there", name)
	w.owned = append(w.owned, created.Property)
	return nil
}

func (w *chaosWorker) findProperty(ctx context.Context) error {
	if len(w.owned) == 0 {
		return nil
	}
	p := w.owned[w.random.IntN(len(w.owned))]
	found, err := w.api.FindProperty(ctx, p.ID)
	w.check(&w.lost, !IsNotFound(err), "property %q is there, and was not found", p.Name)
	w.check(&w.wrong, err != nil || found == p, "property %+v was found as %+v", p, found)
	return err
}

func (w *chaosWorker) listProperties(ctx context.Context) error {
	list, err := w.api.ListProperties(ctx)
	for _, p := range w.owned {
		_, found := list.ByID(p.ID)
		w.check(&w.wrong, err != nil || found || !list.Complete || w.othersDelete,
			"property %q is missing in a complete list", p.Name)
	}
	return err
}

func (w *chaosWorker) createContact(ctx context.Context, name string) error {
	email := name + "@example.com"
	written, err := w.api.CreateContact(ctx, ContactChange{Fields: map[ContactField]*string{
		ContactName: &name, ContactEmail: &email,
	}})
	there := w.withEmail(email)
	w.check(&w.duplicates, len(there) <= 1, "%d contacts have the address %s", len(there), email)
	if err != nil {
		w.check(&w.lost, len(there) == 0 || AsError(err).OutcomeUnknown,
			"contact %s is there, and the error does not say so: %v", email, err)
		return err
	}
	w.check(&w.lost, len(there) == 1 && there[0].ID == written.ID, "contact %s was created, and is not there", email)
	contact := &chaosContact{id: written.ID, email: email, name: name}
	w.mine = append(w.mine, contact)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.contacts[email] = contact
	return nil
}

func (w *chaosWorker) updateContact(ctx context.Context, c *chaosContact, name string) error {
	_, err := w.api.UpdateContact(ctx, c.id, ContactChange{Fields: map[ContactField]*string{ContactName: &name}})
	there, exists := w.api.mock.Contact(c.id)
	switch {
	case err == nil:
		// A write before, that was given up, may land after this one.
		holds := exists && there.Name == name || c.unsure || c.doomed
		w.check(&w.wrong, holds, "the name of %s was changed, and is not there", c.email)
		c.name, c.unsure = name, false
	case AsError(err).OutcomeUnknown:
		c.unsure = true
	default:
		w.check(&w.wrong, c.deleted || c.unsure || there.Name == c.name || !exists && c.doomed,
			"the name of %s has changed, and the error does not say so: %v", c.email, err)
	}
	return err
}

func (w *chaosWorker) deleteContact(ctx context.Context, c *chaosContact) error {
	_, _, err := w.api.DeleteContact(ctx, c.id, time.Time{})
	_, exists := w.api.mock.Contact(c.id)
	switch {
	case err == nil:
		w.check(&w.wrong, !exists, "contact %s was deleted, and is there", c.email)
	case !AsError(err).OutcomeUnknown:
		w.check(&w.wrong, exists || c.deleted || c.doomed,
			"contact %s is gone, and the error does not say so: %v", c.email, err)
	}
	c.deleted = !exists
	if err != nil && AsError(err).OutcomeUnknown {
		c.doomed = true
	}
	return err
}

func (w *chaosWorker) findContact(ctx context.Context, c *chaosContact) error {
	found, err := w.api.FindContact(ctx, c.id)
	w.check(&w.lost, !IsNotFound(err) || c.deleted || c.doomed, "contact %s is there, and was not found", c.email)
	w.check(&w.wrong, err != nil || !c.deleted, "contact %s is gone, and was found", c.email)
	there, exists := w.api.mock.Contact(c.id) // nobody else writes the name
	w.check(&w.wrong, err != nil || c.unsure || !exists && c.doomed || found.Name == there.Name,
		"contact %s was found with a name from before a write: %q, not %q", c.email, found.Name, there.Name)
	return err
}

func (w *chaosWorker) listContacts(ctx context.Context) error {
	var all []Contact
	complete, err := w.api.EachContact(ctx, func(page []Contact, _ bool) bool {
		all = append(all, page...)
		return true
	})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	for _, c := range w.mine {
		name, found := names[c.id]
		there, exists := w.api.mock.Contact(c.id) // nobody else writes the name, or deletes it
		w.check(&w.wrong, found || !exists || !complete || w.othersDelete, "contact %s is missing in a complete list", c.email)
		w.check(&w.wrong, !found || exists || c.doomed, "contact %s is gone, and in the list", c.email)
		w.check(&w.wrong, !found || !exists || c.unsure || name == there.Name,
			"contact %s is in the list as %q, not %q", c.email, name, there.Name)
	}
	return nil
}

func (w *chaosWorker) findByEmail(ctx context.Context, c *chaosContact) error {
	found, complete, err := w.api.ContactsByEmail(ctx, strings.ToUpper(c.email))
	_, exists := w.api.mock.Contact(c.id)
	holds := err != nil || len(found) == 1 && (exists || c.doomed) || len(found) == 0 && (!exists || !complete || w.othersDelete)
	w.check(&w.wrong, holds, "contact %s is there: %t, and was found %d times by its address", c.email, exists, len(found))
	return err
}

// othersWrite is what a bot or a teammate does to the contact at the same time.
func (w *chaosWorker) othersWrite(c *chaosContact, note string) {
	// A delete that was given up may land at any time.
	if _, exists := w.api.mock.Contact(c.id); exists && !c.deleted && !c.doomed {
		c.note = note
		w.api.mock.SetContactValue(c.id, "note", note)
	}
}

func (w *chaosWorker) withEmail(email string) []tidiomock.Contact {
	return slices.DeleteFunc(w.api.mock.Contacts(), func(c tidiomock.Contact) bool { return c.Email != email })
}

// check counts damage, and tells what it is.
func (w *chaosWorker) check(count *int, holds bool, format string, args ...any) {
	if holds {
		return
	}
	w.t.Helper()
	w.t.Errorf(format, args...)
	w.mu.Lock()
	defer w.mu.Unlock()
	*count++
}

// audit looks at the account when all is over.
func (c *chaos) audit(t *testing.T, api account) {
	t.Helper()
	have := map[string]tidiomock.Contact{}
	for _, there := range api.mock.Contacts() {
		if _, twice := have[there.Email]; twice && strings.Contains(there.Email, "@") {
			c.duplicates++
			t.Errorf("the address %s is there twice", there.Email)
		}
		have[there.Email] = there
	}
	for _, email := range slices.Sorted(maps.Keys(c.contacts)) {
		known := c.contacts[email]
		there, exists := have[email]
		if exists == known.deleted && !known.doomed {
			c.lost++
			t.Errorf("contact %s: deleted %t, there %t", email, known.deleted, exists)
		}
		if note, _ := there.Properties["note"].(string); exists && note != known.note {
			c.foreign++
			t.Errorf("contact %s: others wrote %q, and it has %q", email, known.note, note)
		}
	}
}
