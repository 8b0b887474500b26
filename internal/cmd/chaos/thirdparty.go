package main

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const longAgo = "2025-02-03T08:14:22Z"

type eventKind string

const (
	makeProperty   eventKind = "makes a property"
	makeContact    eventKind = "makes a contact"
	writeForeign   eventKind = "writes a value that Terraform does not manage"
	writeManaged   eventKind = "writes a value that Terraform manages"
	deleteContact  eventKind = "deletes a contact"
	deleteProperty eventKind = "deletes a property"
	editLabel      eventKind = "edits a label"
	mergeContact   eventKind = "merges a contact into its own"
	interrupt      eventKind = "interrupts Terraform" // the user
)

// event is something that the third party does. It is drawn before anything runs, so it names what is managed
// by its address.
type event struct {
	do                       eventKind
	address, name, key, text string
	property                 tidiomock.Property
	contact                  tidiomock.Contact
}

func (a event) String() string {
	return fmt.Sprintf("%s %s%s%s%s %s", a.do, a.address, a.name, a.property.Name, a.contact.ID, a.key)
}

// disturbs reports whether the event changes what Terraform manages, or what it looks up.
func (a event) disturbs() bool {
	return a.do != writeForeign && a.do != editLabel && a.do != makeProperty
}

// drawEvent draws what the third party does during a command.
func drawEvent(rng *rand.Rand, d *desired, r *round) event {
	n := fmt.Sprint(d.number())
	if p := pickFree(rng, d.properties, r); p != nil && rng.IntN(4) == 0 {
		return event{do: pick(rng, []eventKind{editLabel, deleteProperty}), name: p.name, text: "Edited " + n}
	}
	if len(d.contacts) == 0 {
		return event{do: makeContact, contact: tidiomock.Contact{ID: "cont_" + n, Name: "Visitor", CreatedAt: longAgo}}
	}
	c := pick(rng, d.contacts)
	_, plan := c.values["plan"]
	switch drawn := rng.IntN(4); {
	case drawn == 0 && plan && !r.touched[c.address()]:
		return event{do: writeManaged, address: c.address(), key: "plan", text: "by hand " + n}
	case drawn == 1:
		return event{do: deleteContact, address: c.address()}
	case drawn == 2: // the same address in other letters: a twin that is not Terraform's
		return event{do: makeContact, contact: tidiomock.Contact{
			ID: "cont_twin_" + n, Email: strings.ToUpper(c.email), CreatedAt: longAgo, Properties: map[string]any{"bot_note": n},
		}}
	}
	return event{do: writeForeign, address: c.address(), key: "bot_note", text: "changed " + n}
}

// thirdParty is everybody beside Terraform who works in the account, and what they remember of it.
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
		t.perform(event{do: makeProperty, property: p}, nil)
	}
	return t
}

// perform performs an event; ids are those of what is managed, by address. What no longer exists is left alone.
func (t *thirdParty) perform(a event, ids map[string]string) {
	defer func() {
		if cause := recover(); cause != nil && !strings.HasPrefix(fmt.Sprint(cause), "tidiomock: ") {
			panic(cause)
		}
	}()
	id := ids[a.address]
	switch a.do {
	case makeProperty:
		t.remember(func() { t.made[a.property.Name] = true })
		t.mock.AddProperty(a.property)
	case makeContact, mergeContact:
		t.remember(func() { t.made[a.contact.ID], t.wrote[a.contact.ID] = true, contentOf(a.contact) })
		t.mock.AddContact(a.contact)
		if a.do == mergeContact {
			t.mock.MergeContacts(id, a.contact.ID)
			t.remember(func() { t.merged[id] = true })
		}
	case writeForeign:
		t.mock.SetContactValue(id, a.key, a.text)
		t.remember(func() {
			if t.wrote[id] == nil {
				t.wrote[id] = map[string]string{}
			}
			t.wrote[id][a.key] = a.text
		})
	case writeManaged:
		t.mock.SetContactValue(id, a.key, a.text)
	case deleteContact:
		t.mock.DeleteContact(id)
	case deleteProperty:
		t.mock.DeleteProperty(a.name)
	case editLabel:
		t.mock.SetPropertyLabel(a.name, a.text)
	}
}

func (t *thirdParty) remember(change func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change()
}

// contentOf returns the fields and values of a contact that are not empty. Its name is v1's, or the first name of the
// published API: what the provider writes there is that of one of them.
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
func (t *thirdParty) addForeignValues(d *desired, ids map[string]string) {
	for i, c := range d.contacts {
		if id := ids[c.address()]; id != "" && t.wrote[id]["bot_note"] == "" {
			t.perform(event{do: writeForeign, address: c.address(), key: "bot_note", text: "seen"}, ids)
			t.perform(event{do: writeForeign, address: c.address(), key: "bot_score", text: fmt.Sprint(i)}, ids)
		}
	}
}

// takeOwnership makes what the configuration manages Terraform's.
func (t *thirdParty) takeOwnership(d *desired, ids map[string]string) {
	for _, c := range d.contacts {
		for _, id := range []string{ids[c.address()], "cont_of_" + c.res} {
			maps.DeleteFunc(t.wrote[id], func(key, _ string) bool { _, managed := d.managed(c)[key]; return managed })
		}
	}
}

// afterDeletes does what Tidio does with values whose property was deleted, and makes the third party's properties
// again. It reports whether any was deleted.
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
