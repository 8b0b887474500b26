package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// snapshot is what the state and the account have at one time.
type snapshot struct {
	instances  []instance
	contacts   []tidiomock.Contact
	properties []tidiomock.Property
	output     any
}

// instance is a resource instance in the state, current or deposed.
type instance struct {
	address          string
	deposed, tainted bool
	ID, Name         string
	Policy           string `json:"deletion_policy"`
}

func (i instance) isProperty() bool { return strings.HasPrefix(i.address, "tidio_property.") }

// ids are the ids of the current instances, by address.
func (s snapshot) ids() map[string]string {
	ids := map[string]string{}
	for _, i := range s.instances {
		if !i.deposed {
			ids[i.address] = i.ID
		}
	}
	return ids
}

func (s snapshot) has(id string) bool {
	return slices.ContainsFunc(s.instances, func(i instance) bool { return i.ID == id })
}

func (s snapshot) isTainted(address string) bool {
	return slices.ContainsFunc(s.instances, func(i instance) bool {
		return i.address == address && i.tainted && !i.deposed
	})
}

// snapshot reads the state file, which does not exist before the first apply, and the account.
func (c *campaign) snapshot() (s snapshot, err error) {
	s.contacts, s.properties = c.mock.Contacts(), c.mock.Properties()
	content, err := os.ReadFile(filepath.Join(c.space.Dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	var file struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct {
				Status, Deposed string
				Attributes      instance
			}
		}
		Outputs map[string]struct{ Value any }
	}
	if err = errors.Join(err, json.Unmarshal(content, &file)); err != nil {
		return s, fmt.Errorf("reading the state: %w", err)
	}
	s.output = file.Outputs["contacts"].Value
	for _, r := range file.Resources {
		for _, one := range r.Instances {
			if i := one.Attributes; r.Mode == "managed" {
				i.address, i.deposed, i.tainted = r.Type+"."+r.Name, one.Deposed != "", one.Status == "tainted"
				s.instances = append(s.instances, i)
			}
		}
	}
	return s, nil
}

// check returns what a command did that must never happen.
func (c *campaign) check(before snapshot, o outcome, result engine.Result) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) }
	for _, i := range slices.Concat(before.instances, o.after.instances) {
		c.known[i.ID] = true
		if i.isProperty() {
			c.known[i.Name] = true
		}
	}
	c.checkCrashes(result, add)
	c.checkState(before, o.after, add)
	c.checkOrphans(o, add)
	c.checkDeletes(before, add)
	for _, contact := range o.after.contacts {
		has := contentOf(contact)
		for key, value := range c.third.wrote[contact.ID] {
			if has[key] != value {
				add("%q of contact %s is %q, and the third party wrote %q", key, contact.ID, has[key], value)
				c.third.wrote[contact.ID][key] = has[key] // told once
			}
		}
	}
	return violations
}

func (c *campaign) checkCrashes(result engine.Result, add func(string, ...any)) {
	printed := result.Stdout + result.Stderr
	for _, text := range []string{
		"panic:", "DATA RACE", "did not respond", "plugin crashed", "Provider produced", secret,
	} {
		if i := strings.Index(printed, text); i >= 0 {
			add("printed: %s", printed[max(0, i-200):min(len(printed), i+1500)])
		}
	}
	races, _ := filepath.Glob(filepath.Join(c.raceDir, "race*"))
	for _, file := range races {
		text, _ := os.ReadFile(file)
		add("%s", text)
		_ = os.Remove(file)
	}
	if result.Left {
		add("left a process behind")
	}
}

// checkState finds objects that are in the state twice, tainted, or not any more, though they exist and are managed.
func (c *campaign) checkState(before, after snapshot, add func(string, ...any)) {
	addresses := map[string]string{}
	for _, i := range after.instances {
		if other, twice := addresses[i.ID]; twice {
			add("%s and %s both have the id %s", other, i.address, i.ID)
		}
		addresses[i.ID] = i.address
		if i.tainted && !i.deposed && !slices.Contains(c.current.taint, i.address) {
			add("%s is tainted", i.address)
		}
	}
	exists := map[string]bool{}
	for _, contact := range after.contacts {
		exists[contact.ID] = true
	}
	for _, p := range after.properties {
		exists[p.ID] = true
		exists[p.Name] = c.desired.published
	}
	for _, i := range before.instances {
		p, contact := c.file.property(i.address), c.file.contact(i.address)
		released := c.removedFromState[i.ID] || slices.Contains(c.file.forgotten, i.address)
		if i.isProperty() {
			released = released || p == nil || p.name != i.Name
		} else if i.Policy == "ABANDON" {
			released = released || contact == nil || c.current.replaces(i.address)
		}
		if !after.has(i.ID) && exists[i.ID] && !released {
			add("%s (%s) is in Tidio, and no longer in the state", i.address, i.ID)
		}
	}
}

// checkOrphans finds what Terraform made without knowing, unless an error names it: made twice, or lost.
func (c *campaign) checkOrphans(o outcome, add func(string, ...any)) {
	said := slices.Concat(o.errors, c.pending)
	for _, contact := range o.after.contacts {
		named := slices.ContainsFunc(said, func(e diagnostic) bool { return e.names(contact, c.file.contact(e.Address)) })
		inserted := contact.Email == contact.ID+"@example.com" // by a fault
		if !c.known[contact.ID] && !c.third.made[contact.ID] && !inserted && !named {
			add("contact %s (%s) was made, and is neither in the state nor in an error", contact.ID, contact.Email)
			c.known[contact.ID] = true // told once
		}
	}
	for _, p := range o.after.properties {
		quoted := fmt.Sprintf("%q", p.Name)
		named := slices.ContainsFunc(said, func(e diagnostic) bool { return strings.Contains(e.text(), quoted) })
		inserted := p.Name == "made_up_"+p.ID
		if !c.known[p.Name] && !c.known[p.ID] && !c.third.made[p.Name] && !inserted && !named {
			add("property %q was made, and is neither in the state nor in an error", p.Name)
			c.known[p.Name] = true
		}
	}
}

// checkDeletes judges each DELETE that was sent, whatever became of it.
func (c *campaign) checkDeletes(before snapshot, add func(string, ...any)) {
	for _, r := range c.mock.Requests() {
		if r.Method != http.MethodDelete {
			continue
		}
		id := path.Base(r.Path)
		asked := slices.ContainsFunc(before.instances, func(i instance) bool {
			return i.ID == id && i.Policy != "ABANDON" && !slices.Contains(c.file.forgotten, i.address) &&
				(c.file.contact(i.address) == nil || i.tainted || i.deposed || c.current.replaces(i.address))
		})
		if !asked || c.third.merged[id] {
			add("DELETE of contact %s, which nobody had asked for", id)
		}
	}
}

// unconverged compares the account and the state with the desired state, after a plan that was empty.
func (c *campaign) unconverged(now snapshot) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) }
	ids := now.ids()
	if len(now.instances) != len(c.file.properties)+len(c.file.contacts) {
		add("the state has %d instances, and %d are desired", len(now.instances), len(c.file.properties)+len(c.file.contacts))
	}
	if got := fmt.Sprint(now.output); got != fmt.Sprint(len(now.contacts)) {
		add("the data source lists %s contacts of %d", got, len(now.contacts))
	}
	for _, p := range c.file.properties {
		if there, exists := c.mock.Property(p.name); !exists || there.Type != p.kind || ids[p.address()] == "" {
			add("%s (%q) is %v", p.address(), p.name, there)
		}
	}
	for _, wanted := range c.file.contacts {
		i := slices.IndexFunc(now.contacts, func(one tidiomock.Contact) bool { return one.ID == ids[wanted.address()] })
		if i < 0 {
			add("%s does not exist", wanted.address())
			continue
		}
		want := maps.Clone(c.third.wrote[now.contacts[i].ID])
		if want == nil {
			want = map[string]string{}
		}
		maps.Copy(want, c.file.managed(wanted))
		if got := contentOf(now.contacts[i]); !maps.Equal(got, want) {
			add("%s is %v, and should be %v", wanted.address(), got, want)
		}
	}
	return violations
}
