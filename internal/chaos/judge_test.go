package chaos

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

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// snapshot is the content of the state and the account at one time.
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

// key is the name of a property, and the id of a contact.
func (i instance) key() string {
	if strings.HasPrefix(i.address, "tidio_property.") {
		return i.Name
	}
	return i.ID
}

// ids returns the ids of the current instances, by address.
func (s snapshot) ids() map[string]string {
	ids := map[string]string{}
	for _, i := range s.instances {
		if !i.deposed {
			ids[i.address] = i.ID
		}
	}
	return ids
}

// keys are those of all that exists, but for what a fault has inserted.
func (s snapshot) keys() map[string]bool {
	keys := map[string]bool{}
	for _, there := range s.contacts {
		keys[there.ID] = there.Email != there.ID+"@example.com"
	}
	for _, there := range s.properties {
		keys[there.Name] = there.Name != "made_up_"+there.ID
	}
	return keys
}

// held are the keys of the instances in the state.
func (s snapshot) held() map[string]bool {
	held := map[string]bool{}
	for _, i := range s.instances {
		held[i.key()] = true
	}
	return held
}

func (s snapshot) isTainted(address string) bool {
	return slices.ContainsFunc(s.instances, func(i instance) bool {
		return i.address == address && i.tainted && !i.deposed
	})
}

// snapshot reads the state file, which does not exist before the first apply, and the account.
func (c *campaign) snapshot() snapshot {
	s := snapshot{contacts: c.mock.Contacts(), properties: c.mock.Properties()}
	content, err := os.ReadFile(filepath.Join(c.space.Dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return s
	}
	check(c.t, err)
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
	check(c.t, json.Unmarshal(content, &file))
	s.output = file.Outputs["contacts"].Value
	for _, r := range file.Resources {
		for _, one := range r.Instances {
			if i := one.Attributes; r.Mode == "managed" {
				i.address, i.deposed, i.tainted = r.Type+"."+r.Name, one.Deposed != "", one.Status == "tainted"
				s.instances = append(s.instances, i)
			}
		}
	}
	return s
}

// check returns what a command did that must never happen.
func (c *campaign) check(before, after snapshot, result acctest.Output) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) }
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
	for _, i := range after.instances {
		c.seen[i.key()] = i
		if i.tainted && !i.deposed && !slices.Contains(c.current.taint, i.address) {
			add("%s is tainted", i.address)
		}
		res, isContact := strings.CutPrefix(i.address, "tidio_contact.")
		if isContact && c.thirdParty.made[i.ID] && i.ID != "cont_of_"+res { // is not the one to import
			add("%s took over contact %s of the third party", i.address, i.ID)
		}
	}
	exists, held := after.keys(), after.held()
	for _, i := range before.instances {
		if exists[i.key()] && !held[i.key()] && !c.letGo(i) {
			add("%q is in Tidio, and no longer in the state as %s", i.key(), i.address)
		}
	}
	for _, r := range c.mock.Requests() { // failed ones too
		id := path.Base(r.Path)
		asked := slices.ContainsFunc(before.instances, func(i instance) bool {
			return i.ID == id && i.Policy != "ABANDON" && !slices.Contains(c.desiredState.Forgotten, i.address) &&
				(c.desiredState.contact(i.address) == nil || i.tainted || i.deposed || c.current.replaces(i.address))
		})
		if r.Method == http.MethodDelete && (!asked || c.thirdParty.merged[id]) {
			add("DELETE of contact %s, which nobody had asked for", id)
		}
	}
	return violations
}

// checkDone returns which contacts are not as they should be, although the engine said that it had changed or deleted
// them. If others may have changed something meanwhile, it compares only the fields of those that still exist.
func (c *campaign) checkDone(done map[string]string, before snapshot, o outcome) (violations []string) {
	ids, held := o.after.ids(), o.after.held()
	for address, action := range done {
		wanted := c.desiredState.contact(address)
		there, exists := c.mock.Contact(ids[address])
		if wanted == nil || action == "delete" || o.disturbed && !exists {
			continue
		}
		content := contentOf(there)
		for key, value := range c.desiredState.managed(wanted) {
			isField := key == "name" || key == "email" || key == "phone"
			if content[key] != value && (isField || !o.disturbed) {
				violations = append(violations, fmt.Sprintf("%s is done, and %q is %q", address, key, content[key]))
			}
		}
	}
	for _, i := range before.instances {
		_, exists := c.mock.Contact(i.ID)
		isDone := done[i.address] == "delete" && !held[i.ID] // otherwise, the other of the current and the deposed one
		if isDone && exists && !c.letGo(i) && !c.thirdParty.merged[i.ID] {
			violations = append(violations, fmt.Sprintf("%s is deleted, and %s still exists", i.address, i.ID))
		}
	}
	return violations
}

// letGo reports whether Terraform was supposed to forget an object that still exists.
func (c *campaign) letGo(i instance) bool {
	p := c.desiredState.property(i.address)
	switch {
	case c.released[i.key()], slices.Contains(c.desiredState.Forgotten, i.address):
		return true
	case strings.HasPrefix(i.address, "tidio_property."):
		return p == nil || p.Name != i.Name
	}
	return i.Policy == "ABANDON" && (c.desiredState.contact(i.address) == nil || c.current.replaces(i.address))
}

// compare compares the account and the state with the desired state, after a plan that was empty.
func (c *campaign) compare(now snapshot) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) }
	ids, wanted := now.ids(), len(c.desiredState.Properties)+len(c.desiredState.Contacts)
	held := now.held()
	if len(now.instances) != wanted || len(held) != wanted {
		add("the state has %d instances of %d objects, and %d are desired", len(now.instances), len(held), wanted)
	}
	if got := fmt.Sprint(now.output); got != fmt.Sprint(len(now.contacts)) {
		add("the data source lists %s contacts of %d", got, len(now.contacts))
	}
	for key, counts := range now.keys() {
		i, seen := c.seen[key]
		switch {
		case !counts || held[key] || c.thirdParty.made[key]:
		case !seen:
			add("%q was made, and is not in the state: made twice, or lost", key)
		case !c.letGo(i):
			add("%q is in Tidio, and not in the state as %s", key, i.address)
		default:
			c.released[key] = true
		}
	}
	for res, p := range c.desiredState.Properties {
		if there, exists := c.mock.Property(p.Name); !exists || there.Type != p.Type || ids[propertyAt(res)] == "" {
			add("%s (%q) is %v", propertyAt(res), p.Name, there)
		}
	}
	for res, wanted := range c.desiredState.Contacts {
		id, managed := ids[contactAt(res)], c.desiredState.managed(wanted)
		maps.DeleteFunc(c.thirdParty.wrote[id], func(key, _ string) bool { _, is := managed[key]; return is })
		maps.Copy(managed, c.thirdParty.wrote[id])
		if there, exists := c.mock.Contact(id); !exists || !maps.Equal(contentOf(there), managed) {
			add("%s is %v, and should be %v", contactAt(res), contentOf(there), managed)
		}
	}
	for _, there := range now.contacts {
		for key, value := range c.thirdParty.wrote[there.ID] {
			if has := contentOf(there); has[key] != value {
				add("%q of contact %s is %q, and the third party wrote %q", key, there.ID, has[key], value)
			}
		}
	}
	return violations
}
