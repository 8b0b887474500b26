package chaos

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// desiredState is the desired state that the configuration describes. After each round's recovery, the account and the
// state agree with it, so the next rounds depend only on it and on the seed, not on what went wrong.
type desiredState struct {
	Properties map[string]*property // by the name of the resource
	Contacts   map[string]*contact
	Imports    map[string]string // import blocks: ids by address
	Forgotten  []string          // addresses in removed blocks
}

type property struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Adopt bool   `json:"adopt_existing,omitempty"`
}

type contact struct {
	Name       string            `json:"name,omitempty"` // v1 only
	FirstName  string            `json:"first_name,omitempty"`
	DistinctID string            `json:"distinct_id,omitempty"`
	Email      string            `json:"email"`
	Phone      string            `json:"phone,omitempty"`
	Policy     string            `json:"deletion_policy,omitempty"`
	Values     map[string]string `json:"properties"` // by the name of a property, or a reference to it
	Lifecycle  map[string]bool   `json:"lifecycle,omitempty"`
}

func (c *contact) createFirst() bool { return c.Lifecycle["create_before_destroy"] }

func propertyAt(res string) string { return "tidio_property." + res }
func contactAt(res string) string  { return "tidio_contact." + res }
func reference(res string) string  { return "${tidio_property." + res + ".name}" }

func (d *desiredState) property(address string) *property {
	return d.Properties[strings.TrimPrefix(address, "tidio_property.")]
}

func (d *desiredState) contact(address string) *contact {
	return d.Contacts[strings.TrimPrefix(address, "tidio_contact.")]
}

// managed returns the fields and values that the configuration sets for a contact, as the account should have them.
func (d *desiredState) managed(c *contact) map[string]string {
	all := map[string]string{"name": cmp.Or(c.Name, c.FirstName), "email": strings.ToLower(c.Email)}
	if c.Phone != "" {
		all["phone"] = c.Phone
	}
	for key, value := range c.Values {
		if res, isReference := strings.CutPrefix(key, "${"); isReference {
			key = d.property(strings.TrimSuffix(res, ".name}")).Name
		}
		all[key] = value
	}
	return all
}

// config returns the configuration, in JSON. A 429 without Retry-After counts as a wait of one minute, which is longer
// than max_retry_wait, so the request fails at once.
func (d *desiredState) config() string {
	type object map[string]any
	resources, addresses, imports, removed := []object{}, []string{}, []object{}, []object{}
	for _, res := range sorted(d.Properties) {
		resources = append(resources, object{"tidio_property": object{res: d.Properties[res]}})
	}
	for _, res := range sorted(d.Contacts) {
		resources = append(resources, object{"tidio_contact": object{res: d.Contacts[res]}})
		addresses = append(addresses, contactAt(res))
	}
	for _, address := range sorted(d.Imports) {
		imports = append(imports, object{"to": address, "id": d.Imports[address]})
	}
	for _, address := range d.Forgotten {
		removed = append(removed, object{"from": address, "lifecycle": object{"destroy": false}})
	}
	config := object{
		"terraform": object{"required_providers": object{"tidio": object{"source": "tidio-community/tidio"}}},
		"provider":  object{"tidio": object{"max_retries": 2, "max_retry_wait": "3s", "request_timeout": "1s"}},
		"data":      object{"tidio_contacts": object{"all": object{"depends_on": addresses}}},
		"output":    object{"contacts": object{"value": "${length(data.tidio_contacts.all.contacts)}"}},
		"import":    imports,
		"removed":   removed,
	}
	if len(resources) > 0 { // an empty block is an error
		config["resource"] = resources
	}
	encoded, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// round is what happens in a round; all of it is drawn before anything runs.
type round struct {
	touched     map[string]bool // addresses that the round changes
	mayFailPlan bool            // a change may fail the plan, so that nothing is written
	calm        bool            // retries recover from all faults, so nothing may fail
	renames     bool            // true: properties may be renamed; false: contacts with create_before_destroy removed.
	// The engine sees a cycle if a round does both.
	before []event  // what the third party does first
	taint  []string // addresses
	args   []string // -replace=ADDRESS
	faults []fault  // of the command
}

// replaces reports whether the round replaces an address.
func (r *round) replaces(address string) bool {
	return slices.Contains(r.taint, address) || slices.Contains(r.args, "-replace="+address)
}

// drawRound draws a round that changes at most this many resources.
func (c *campaign) drawRound(most int) {
	c.current = &round{
		touched: map[string]bool{}, mayFailPlan: c.rng.IntN(4) == 0, renames: c.rng.IntN(2) == 0,
	}
	c.current.calm = !c.current.mayFailPlan && c.rng.IntN(3) == 0
	c.desiredState.Imports, c.desiredState.Forgotten = map[string]string{}, nil
	weight := 0
	if len(c.desiredState.Contacts) > 30 {
		weight = 4
	}
	moves := slices.Concat(
		slices.Repeat([]func(){c.newContact}, 7-weight), slices.Repeat([]func(){c.removeContact}, 4+weight),
		slices.Repeat([]func(){c.editContact}, 16), slices.Repeat([]func(){c.newProperty}, 3),
		slices.Repeat([]func(){c.replaceContact}, 5),
		slices.Repeat([]func(){c.importContact, c.mergeContact}, 2),
		[]func(){c.removeProperty, c.renameProperty, c.replaceProperty},
	)
	n := min(18+c.rng.IntN(13), most)
	for range 20 * n {
		if len(c.current.touched) < n {
			pick(c.rng, moves)()
		}
	}
	c.current.faults = c.drawFaults()
}

// touch marks an address as changed by this round. It reports false if it was marked already.
func (c *campaign) touch(address string) bool {
	was := c.current.touched[address]
	c.current.touched[address] = true
	return !was
}

// The third party's properties. Terraform's contacts may manage a value of the first, and never one of the second.
var (
	shared  = []tidiomock.Property{{Name: "plan", Type: "text"}, {Name: "seats", Type: "number"}}
	foreign = []tidiomock.Property{{Name: "bot_note", Type: "text"}, {Name: "bot_score", Type: "number"}}
	seeded  = slices.Concat(shared, foreign)
)

// number returns the number for the next name. No number is used twice.
func (c *campaign) number() int { c.lastNumber++; return c.lastNumber }

// newProperty adds a property that is new, or that the third party created and Terraform imports or adopts. With the
// published API, the third party always creates it.
func (c *campaign) newProperty() {
	res := fmt.Sprintf("p%d", c.number())
	p := &property{
		Name: "field" + pick(c.rng, []string{"_", " ", ".", "/", "é"}) + res,
		Type: pick(c.rng, []string{"text", "email", "number", "phone", "url"}),
	}
	c.desiredState.Properties[res] = p
	if how := c.rng.IntN(5); c.published || how < 2 {
		c.before(c.thirdParty.makesProperty(tidiomock.Property{
			ID: "prop_of_" + res, Name: p.Name, Label: "By the third party", Type: p.Type,
		}))
		if p.Adopt = how == 0; how == 1 {
			c.desiredState.Imports[propertyAt(res)] = p.Name
		}
	}
	c.touch(propertyAt(res))
}

// before lets the third party do something before the round's apply.
func (c *campaign) before(e event) { c.current.before = append(c.current.before, e) }

func (c *campaign) newContact() { c.addContact() }

func (c *campaign) addContact() (res string, added *contact) {
	n := c.number()
	res = fmt.Sprintf("c%d", n)
	added = &contact{Email: res + "@example.com", Values: map[string]string{}}
	if c.published {
		added.FirstName, added.DistinctID = fmt.Sprintf("Customer %d", n), res
	} else {
		added.Name = fmt.Sprintf("Customer %d", n)
	}
	if c.rng.IntN(2) == 0 {
		added.Lifecycle = map[string]bool{"create_before_destroy": true}
	}
	if c.rng.IntN(4) == 0 {
		added.Phone = fmt.Sprintf("+1 202 555 %04d", n)
	}
	c.desiredState.Contacts[res] = added
	for range c.rng.IntN(4) {
		c.setValue(added)
	}
	c.touch(contactAt(res))
	return res, added
}

// importContact imports a contact of the third party. Except for plan, its values remain the third party's.
func (c *campaign) importContact() {
	res, added := c.addContact()
	added.Phone = ""
	c.before(c.thirdParty.makesContact(tidiomock.Contact{
		ID: "cont_of_" + res, DistinctID: res, Name: "Visitor", Email: added.Email,
		Properties: map[string]any{"bot_note": "came by", "plan": "free"}, CreatedAt: longAgo,
	}))
	c.desiredState.Imports[contactAt(res)] = pick(c.rng, []string{"cont_of_" + res, "email:" + added.Email})
	added.Values["plan"] = c.text("text") // Terraform takes over this value
}

func (c *campaign) removeContact() {
	res, one := free(c, c.desiredState.Contacts, contactAt)
	if one == nil || len(c.desiredState.Contacts) < 5 || one.createFirst() && c.current.renames {
		return
	}
	delete(c.desiredState.Contacts, res)
	if c.rng.IntN(4) == 0 {
		c.desiredState.Forgotten = append(c.desiredState.Forgotten, contactAt(res))
	}
	c.touch(contactAt(res))
}

// editContact changes a value, a field or the policy of a contact.
func (c *campaign) editContact() {
	res, one := free(c, c.desiredState.Contacts, contactAt)
	if one == nil {
		return
	}
	switch drawn := c.rng.IntN(16); {
	case drawn < 7:
		c.setValue(one)
	case drawn < 10 && len(one.Values) > 0:
		delete(one.Values, pick(c.rng, sorted(one.Values)))
	case drawn < 12:
		one.Email = fmt.Sprintf("c%d@example.com", c.number())
	case drawn < 13:
		one.Phone = pick(c.rng, []string{"", fmt.Sprintf("+1 202 557 %04d", c.number())})
	case drawn < 14 && c.published:
		one.FirstName = fmt.Sprintf("Renamed %d", c.number())
	case drawn < 14:
		one.Name = fmt.Sprintf("Renamed %d", c.number())
	default:
		one.Policy = pick(c.rng, []string{"", "ABANDON", "DELETE"})
	}
	c.touch(contactAt(res))
}

// setValue gives a contact a new value, for an existing or a new key.
func (c *campaign) setValue(to *contact) {
	types := map[string]string{}
	for _, p := range shared {
		types[p.Name] = p.Type
	}
	for res, p := range c.desiredState.Properties {
		types[reference(res)] = p.Type
	}
	key := pick(c.rng, sorted(types))
	to.Values[key] = c.text(types[key])
}

func (c *campaign) text(kind string) string {
	return fmt.Sprintf(map[string]string{
		"text": "value %d", "email": "v%d@example.com", "number": "%d.50", "phone": "+1 202 556 %04d",
		"url": "https://example.com/%d",
	}[kind], c.number())
}

// removeProperty takes a property and its values out of the configuration.
func (c *campaign) removeProperty() {
	res, one := free(c, c.desiredState.Properties, propertyAt)
	if one == nil {
		return
	}
	for _, name := range sorted(c.desiredState.Contacts) {
		if _, has := c.desiredState.Contacts[name].Values[reference(res)]; has {
			if !c.touch(contactAt(name)) {
				return
			}
			delete(c.desiredState.Contacts[name].Values, reference(res))
		}
	}
	delete(c.desiredState.Properties, res)
	if c.rng.IntN(3) == 0 {
		c.desiredState.Forgotten = append(c.desiredState.Forgotten, propertyAt(res))
	}
	c.touch(propertyAt(res))
}

// renameProperty changes the name of a property in the configuration. With v1, this is a replacement, which leaves the
// old property in Tidio.
func (c *campaign) renameProperty() {
	res, p := free(c, c.desiredState.Properties, propertyAt)
	if p == nil || !c.current.renames {
		return
	}
	n := c.number()
	p.Name, p.Adopt = fmt.Sprintf("field_%d", n), false
	if c.published {
		c.before(c.thirdParty.makesProperty(tidiomock.Property{ID: fmt.Sprintf("prop_%d", n), Name: p.Name, Type: p.Type}))
	}
	c.touch(propertyAt(res))
}

// mergeContact lets the third party merge a managed contact into one of its own.
func (c *campaign) mergeContact() {
	res, one := free(c, c.desiredState.Contacts, contactAt)
	if one == nil || !c.current.mayFailPlan {
		return
	}
	n := c.number()
	c.before(c.thirdParty.merges(contactAt(res), tidiomock.Contact{
		ID: fmt.Sprintf("cont_kept_%d", n), Name: "Kept", Email: fmt.Sprintf("kept%d@example.com", n),
		Properties: map[string]any{"bot_note": "kept"}, CreatedAt: longAgo,
	}))
	c.touch(contactAt(res))
}

func (c *campaign) replaceContact() {
	if res, one := free(c, c.desiredState.Contacts, contactAt); one != nil && one.Policy != "ABANDON" {
		c.replace(contactAt(res))
	}
}

// replaceProperty asks for a replacement that the plan refuses. The error says how to recover.
func (c *campaign) replaceProperty() {
	if res, one := free(c, c.desiredState.Properties, propertyAt); one != nil && c.current.mayFailPlan {
		c.replace(propertyAt(res))
	}
}

func (c *campaign) replace(address string) {
	if c.rng.IntN(2) == 0 {
		c.current.taint = append(c.current.taint, address)
	} else {
		c.current.args = append(c.current.args, "-replace="+address)
	}
	c.touch(address)
}

// free picks an object that this round has not changed yet and that existed before; nil if there is none.
func free[T any](c *campaign, all map[string]*T, at func(string) string) (res string, one *T) {
	names := slices.DeleteFunc(sorted(all), func(name string) bool { return c.current.touched[at(name)] })
	if len(names) == 0 {
		return "", nil
	}
	res = pick(c.rng, names)
	return res, all[res]
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
