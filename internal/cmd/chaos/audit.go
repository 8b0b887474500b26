package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// damage is a kind of what must never happen.
type damage string

const (
	duplicated  damage = "duplicates"
	lost        damage = "lost objects"
	overwrote   damage = "foreign values changed"
	stateLost   damage = "state lost"
	misanswered damage = "wrong answers of data sources"
	crashed     damage = "panics and data races"
	leftBehind  damage = "processes left"
	lingering   damage = "goroutines of the campaign left" // the provider's end with its process
	noWayOut    damage = "errors without a way out"
	notReached  damage = "configurations not reached"
)

var damages = []damage{
	duplicated, lost, overwrote, stateLost, misanswered, crashed, leftBehind, lingering, noWayOut, notReached,
}

// finding is damage that was found.
type finding struct {
	damage damage
	text   string
}

// evidence is what one command is judged by.
type evidence struct {
	before, after snapshot
	wanted        *desired
	others        *others
	deleted       []string        // ids that Terraform asked to delete
	abandoned     map[string]bool // ids that Terraform was told to let go of, by this command or before
	said          []complaint
	pending       []complaint // errors of the command before, which the user is following
}

// audit finds the damage that one command has done.
func audit(e evidence) []finding {
	e.claim()
	return slices.Concat(e.duplicates(), e.lost(), e.overwritten(), e.stateLost(), e.unhelpful())
}

func (e evidence) duplicates() (found []finding) {
	add := func(format string, args ...any) {
		found = append(found, finding{duplicated, fmt.Sprintf(format, args...)})
	}
	byEmail := map[string]string{}
	for _, c := range e.after.contacts {
		email := strings.ToLower(c.Email)
		_, managed := e.after.addressOf(c.ID)
		if email == "" || !managed && e.others.isTheirs(c.ID, c.Email) {
			continue
		}
		if first, there := byEmail[email]; there {
			add("contacts %s and %s are both %s", first, c.ID, email)
		}
		byEmail[email] = c.ID
	}
	byName := map[string]string{}
	for _, p := range e.after.properties {
		if first, there := byName[p.Name]; there {
			add("properties %s and %s are both %q", first, p.ID, p.Name)
		}
		byName[p.Name] = p.ID
	}
	byID := map[string]string{}
	for _, address := range slices.Sorted(maps.Keys(e.after.state)) {
		id := e.after.state[address].ID
		if first, there := byID[id]; there {
			add("%s and %s are both %s", first, address, id)
		}
		byID[id] = address
	}
	return found
}

// lost finds what Terraform made and knows nothing of any more, unless it was told to let go of it
// or says itself how to find it.
func (e evidence) lost() (found []finding) {
	unknown := func(id, name string) bool {
		_, managed := e.after.addressOf(id)
		return !managed && !e.abandoned[id] && !e.others.isTheirs(id, name)
	}
	said := append(slices.Clone(e.said), e.pending...)
	for _, c := range e.after.contacts {
		named := func(said complaint) bool {
			_, wanted := e.wanted.at(said.address)
			byAddress := wanted != nil && strings.EqualFold(wanted.email, c.Email)
			return said.leadsTo(c.ID) || byAddress && said.leadsTo(lookYourself)
		}
		if unknown(c.ID, c.Email) && !slices.ContainsFunc(said, named) {
			found = append(found, finding{lost, fmt.Sprintf("contact %s (%s) is in Tidio only", c.ID, c.Email)})
		}
	}
	for _, p := range e.after.properties {
		named := func(said complaint) bool { return said.leadsTo(fmt.Sprintf("%q", p.Name)) }
		if unknown(p.ID, p.Name) && !slices.ContainsFunc(said, named) {
			found = append(found, finding{lost, fmt.Sprintf("property %s (%q) is in Tidio only", p.ID, p.Name)})
		}
	}
	return found
}

// overwritten finds what others wrote and Terraform changed, cleared or deleted.
func (e evidence) overwritten() (found []finding) {
	add := func(format string, args ...any) {
		found = append(found, finding{overwrote, fmt.Sprintf(format, args...)})
	}
	after := map[string]tidiomock.Contact{}
	for _, c := range e.after.contacts {
		after[c.ID] = c
		ours := e.owned(c.ID)
		theirs := e.others.foreign(c.ID)
		for _, key := range slices.Sorted(maps.Keys(theirs)) {
			if got := valueOf(c, key); !ours[key] && got != theirs[key] {
				add("%q of contact %s is %q; others wrote %q", key, c.ID, got, theirs[key])
			}
		}
	}
	for _, id := range e.deleted {
		if e.others.isMerged(id) {
			add("the id of contact %s leads to another contact, and was to be deleted", id)
			continue
		}
		address, managed := e.before.addressOf(id)
		_, wanted := e.wanted.names()[address]
		if policy := e.before.state[address].Policy; managed && !wanted && (policy == "" || policy == "DELETE") {
			continue
		}
		add("contact %s was to be deleted, and nobody had asked for it", id)
	}
	for _, before := range e.before.contacts {
		c, there := after[before.ID]
		_, wasManaged := e.before.addressOf(before.ID)
		_, managed := e.after.addressOf(before.ID)
		if there && !wasManaged && !managed && (c.Name != before.Name || c.Email != before.Email) {
			add("contact %s is nobody's in the configuration, and was changed", c.ID)
		}
	}
	return found
}

// valueOf is what a contact has for a key of the others' memory, "" for nothing.
func valueOf(c tidiomock.Contact, key string) string {
	if key == phoneKey {
		return c.Phone
	}
	if value, there := c.Properties[key]; there && value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// owned are the keys of a contact that the configuration manages.
func (e evidence) owned(id string) map[string]bool {
	owned := map[string]bool{}
	for _, s := range []snapshot{e.before, e.after} {
		address, _ := s.addressOf(id)
		if _, c := e.wanted.at(address); c != nil {
			for key := range e.wanted.owned(c) {
				owned[key] = true
			}
			owned[phoneKey] = owned[phoneKey] || c.phone != ""
		}
	}
	return owned
}

// stateLost finds what was in the state, is in the account and the configuration, and is not in the
// state any more.
func (e evidence) stateLost() (found []finding) {
	add := func(format string, args ...any) {
		found = append(found, finding{stateLost, fmt.Sprintf(format, args...)})
	}
	there := map[string]bool{}
	for _, c := range e.after.contacts {
		there[c.ID] = true
	}
	for _, p := range e.after.properties {
		there[p.ID] = true
	}
	wanted := e.wanted.names()
	for _, address := range slices.Sorted(maps.Keys(e.before.state)) {
		before := e.before.state[address]
		name, kept := wanted[address]
		replaced := name != "" && name != before.Name
		if after := e.after.state[address]; kept && !replaced && there[before.ID] && after.ID != before.ID {
			add("%s was %s, which is still in Tidio, and is %q now", address, before.ID, after.ID)
		}
	}
	for _, address := range slices.Sorted(maps.Keys(e.after.state)) {
		if e.after.state[address].tainted {
			add("%s is tainted", address)
		}
	}
	return found
}

func (e evidence) unhelpful() (found []finding) {
	for _, said := range e.said {
		if why := said.unhelpful(); why != "" {
			found = append(found, finding{noWayOut, fmt.Sprintf("%s: %s (%s)", why, said.text, said.address)})
		}
	}
	return found
}

// claim makes Terraform's what has been in its state, whoever made it: from then on it is lost if
// the state lets go of it unasked.
func (e evidence) claim() {
	for _, i := range e.before.state {
		e.others.handOver(i.ID)
	}
}

// abandon notes what Terraform is told to let go of: the properties that are removed or renamed, and
// the contacts that are removed and have that policy.
func (e evidence) abandon() {
	wanted := e.wanted.names()
	for address, i := range e.before.state {
		name, kept := wanted[address]
		isProperty := strings.HasPrefix(address, "tidio_property.")
		if isProperty && (!kept || name != i.Name) || !isProperty && !kept && i.Policy == "ABANDON" {
			e.abandoned[i.ID] = true
		}
	}
}

// unreached compares the account with the configuration when all should be well.
func (e evidence) unreached() (found []finding) {
	add := func(format string, args ...any) {
		found = append(found, finding{notReached, fmt.Sprintf(format, args...)})
	}
	ids := e.after.ids()
	for _, p := range e.wanted.properties {
		i := slices.IndexFunc(e.after.properties, func(had tidiomock.Property) bool { return had.ID == ids[p.address()] })
		if i < 0 || e.after.properties[i].Name != p.name || e.after.properties[i].Type != p.kind {
			add("%s (%q) is not in Tidio", p.address(), p.name)
		}
	}
	for _, c := range e.wanted.contacts {
		i := slices.IndexFunc(e.after.contacts, func(had tidiomock.Contact) bool { return had.ID == ids[c.address()] })
		if i < 0 {
			add("%s is not in Tidio", c.address())
			continue
		}
		got, want := map[string]string{}, e.others.foreign(ids[c.address()])
		for key := range e.after.contacts[i].Properties {
			got[key] = valueOf(e.after.contacts[i], key)
		}
		if phone := e.after.contacts[i].Phone; phone != "" {
			got[phoneKey] = phone
		}
		maps.Copy(want, e.wanted.owned(c))
		if c.phone != "" {
			want[phoneKey] = c.phone
		}
		if !maps.Equal(got, want) || e.after.contacts[i].Name != c.name ||
			!strings.EqualFold(e.after.contacts[i].Email, c.email) {
			add("%s is %v in Tidio, and should be %v", c.address(), e.after.contacts[i], want)
		}
	}
	for _, address := range slices.Sorted(maps.Keys(ids)) {
		if _, wanted := e.wanted.names()[address]; !wanted {
			add("%s is in the state still", address)
		}
	}
	return found
}
