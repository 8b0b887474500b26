package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// others are everybody beside Terraform who works in the account, and what they remember of it:
// what they made and wrote is theirs, and must stay as it is.
type others struct {
	mock *tidiomock.Mock

	mu     sync.Mutex
	made   map[string]bool              // ids of what they made and Terraform never had
	merged map[string]bool              // ids of contacts that they merged into others
	wrote  map[string]map[string]string // by the contact's id: what they wrote, by key
}

// phoneKey stands for the field phone among the keys of the properties; the others may write it
// while the configuration leaves it out.
const phoneKey = "the field phone"

// doing is what others do.
type doing string

const (
	makeProperty   doing = "make a property"
	makeContact    doing = "make a contact"
	writeForeign   doing = "write a value that nobody else has"
	writeOwned     doing = "write a value that is Terraform's"
	deleteContact  doing = "delete a contact"
	deleteProperty doing = "delete a property"
	editLabel      doing = "edit a label"
	mergeContact   doing = "merge a contact into another"
	interrupt      doing = "interrupt Terraform" // the user, for once
)

// act is one thing that they do. It is chosen before anything runs, so it names what is managed by
// its address.
type act struct {
	do       doing
	address  string
	name     string // of a property
	key      string
	text     any
	property tidiomock.Property
	contact  tidiomock.Contact
}

func (a act) String() string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %v %s %s", a.do, a.address, a.name, a.key, a.text,
		a.property.ID, a.contact.ID)), " ")
}

// disturbs reports whether Terraform will find that something of its own has changed. A contact with
// the address of another makes a look-up by it ambiguous.
func (a act) disturbs() bool {
	switch a.do {
	case writeOwned, makeContact, deleteContact, deleteProperty, mergeContact, interrupt:
		return true
	}
	return false
}

func newOthers(mock *tidiomock.Mock) *others {
	o := &others{mock: mock, made: map[string]bool{}, merged: map[string]bool{}, wrote: map[string]map[string]string{}}
	for _, p := range slices.Concat(sharedDefinitions, foreignDefinitions) {
		o.makeProperty(p)
	}
	return o
}

func (o *others) makeProperty(p tidiomock.Property) {
	o.mock.AddProperty(p)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made[p.ID] = true
}

func (o *others) makeContact(c tidiomock.Contact) {
	o.mock.AddContact(c)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made[c.ID] = true
	o.wrote[c.ID] = map[string]string{}
	for key, value := range c.Properties {
		o.wrote[c.ID][key] = fmt.Sprint(value)
	}
}

// write is a write of a value that becomes theirs.
func (o *others) write(id, key string, value any) {
	o.mock.ChangeContact(id, func(c *tidiomock.Contact) {
		if key == phoneKey {
			c.Phone = fmt.Sprint(value)
			return
		}
		if c.Properties == nil {
			c.Properties = map[string]any{}
		}
		c.Properties[key] = value
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.wrote[id] == nil {
		o.wrote[id] = map[string]string{}
	}
	o.wrote[id][key] = fmt.Sprint(value)
}

// perform does an act. ids are those of what is managed, by address. What is not there any more is
// let be: somebody was faster.
func (o *others) perform(a act, ids map[string]string) {
	id := ids[a.address]
	defer func() {
		if cause := recover(); cause != nil && !strings.HasPrefix(fmt.Sprint(cause), "tidiomock: ") {
			panic(cause)
		}
	}()
	switch a.do {
	case makeProperty:
		o.makeProperty(a.property)
	case makeContact:
		o.makeContact(a.contact)
	case writeForeign:
		o.write(id, a.key, a.text)
	case writeOwned:
		o.mock.SetContactValue(id, a.key, a.text)
	case deleteContact:
		o.mock.DeleteContact(id)
	case deleteProperty:
		o.mock.DeleteProperty(a.name)
	case mergeContact:
		o.makeContact(a.contact)
		o.merge(id, a.contact.ID)
	case editLabel:
		o.mock.SetPropertyLabel(a.name, fmt.Sprint(a.text))
	}
}

// tidyUp does what Tidio would have done with the values of properties that somebody deleted, and
// makes those anew that the configuration takes for granted. It returns whether there were any.
func (o *others) tidyUp(before, after []tidiomock.Property) (deleted bool) {
	there := map[string]bool{}
	for _, p := range after {
		there[p.Name] = true
	}
	for _, p := range before {
		if there[p.Name] {
			continue
		}
		deleted = true
		for _, c := range o.mock.Contacts() {
			if _, has := c.Properties[p.Name]; has {
				o.mock.SetContactValue(c.ID, p.Name, nil)
			}
			o.disown(c.ID, p.Name)
		}
	}
	for _, p := range slices.Concat(sharedDefinitions, foreignDefinitions) {
		if !there[p.Name] {
			o.mock.AddProperty(p)
		}
	}
	return deleted
}

// disown lets go of a key: it is Terraform's now, or gone.
func (o *others) disown(id, key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.wrote[id], key)
}

func (o *others) merge(id, into string) {
	o.mock.MergeContacts(id, into)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.merged[id] = true
}

// isMerged reports whether a contact was merged into another.
func (o *others) isMerged(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.merged[id]
}

// handOver lets go of an object: it is Terraform's now. What they wrote to it stays theirs.
func (o *others) handOver(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.made, id)
}

// isTheirs reports whether something was made by others, or by a fault that stands for them, and
// has never been Terraform's.
func (o *others) isTheirs(id, nameOrEmail string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.made[id] || nameOrEmail == "made_up_"+id || nameOrEmail == id+"@example.com"
}

// annotate writes foreign values to every managed contact that has none yet.
func (o *others) annotate(d *desired, ids map[string]string) {
	for i, c := range d.contacts {
		id, there := ids[c.address()]
		if !there || len(o.foreign(id)) > 0 {
			continue
		}
		note := act{do: writeForeign, address: c.address(), key: "bot_note", text: "seen with " + c.email}
		score := act{do: writeForeign, address: c.address(), key: "bot_score", text: i}
		o.perform(note, ids)
		o.perform(score, ids)
		if c.phone == "" && i%2 == 0 {
			o.perform(act{do: writeForeign, address: c.address(), key: phoneKey, text: fmt.Sprintf("202 555 %04d", i)}, ids)
		}
	}
}

// foreign is a copy of what they wrote to a contact.
func (o *others) foreign(id string) map[string]string {
	o.mu.Lock()
	defer o.mu.Unlock()
	copied := map[string]string{}
	maps.Copy(copied, o.wrote[id])
	return copied
}
