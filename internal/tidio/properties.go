package tidio

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// PropertyTypes are the types a property may be created with. The API may send
// others.
var PropertyTypes = []string{"text", "email", TypeNumber, "phone", "url"}

// TypeNumber is the type of properties whose values are numbers.
const TypeNumber = "number"

// MaxPropertyName is how many characters the name of a property may have.
const MaxPropertyName = 128

// Property is a custom contact property. The API can list, get and create properties; it cannot
// change or delete one.
type Property struct {
	ID    string
	Name  string // unique in the account
	Label string // what people see; the name, if the API sends none
	Type  string
}

func (p Property) id() string { return p.ID }

// NewProperty is what a property is created from.
type NewProperty struct {
	Name  string
	Label string // "" = not sent
	Type  string
}

// PropertyList is the account's properties in the API's order.
type PropertyList struct {
	Items []Property

	// Complete is false if the list changed while it was read. Then an item that is not in it may
	// exist all the same.
	Complete bool
}

// ByName returns the property with that name, if need be in another Unicode form.
func (l PropertyList) ByName(name string) (Property, bool) {
	if p, found := l.find(func(p Property) bool { return p.Name == name }); found {
		return p, true
	}
	return l.find(func(p Property) bool { return SameText(p.Name, name) })
}

// BySimilarName returns a property whose name differs in the case of its letters only.
func (l PropertyList) BySimilarName(name string) (Property, bool) {
	return l.find(func(p Property) bool { return SameFold(p.Name, name) && !SameText(p.Name, name) })
}

// ByID returns the property with that id.
func (l PropertyList) ByID(id string) (Property, bool) {
	return l.find(func(p Property) bool { return SameText(p.ID, id) })
}

// inOwnForm returns values under the names that the account has, in its Unicode form.
func (l PropertyList) inOwnForm(values map[string]*string) map[string]*string {
	own := make(map[string]*string, len(values))
	for name, value := range values {
		if p, found := l.ByName(name); found {
			name = p.Name
		}
		own[name] = value
	}
	return own
}

func (l PropertyList) find(match func(Property) bool) (Property, bool) {
	for _, p := range l.Items {
		if match(p) {
			return p, true
		}
	}
	return Property{}, false
}

// CreatedProperty is the result of a create.
type CreatedProperty struct {
	Property

	// Recovered is set if no reply told of the property: it was found after a POST whose outcome was
	// unknown.
	Recovered bool
}

// ListProperties returns all properties of the account. They are read once per client, one request
// per page; what this client creates is in the list from then on. The caller must not change it.
func (c *Client) ListProperties(ctx context.Context) (PropertyList, error) {
	items, complete, err := list(ctx, c, c.wire.properties, c.properties)
	return PropertyList{Items: items, Complete: complete}, err
}

// FindProperty returns one property of the list. An error of the kind NotFound says that it is gone; a
// wrong base URL is another error.
func (c *Client) FindProperty(ctx context.Context, id string) (Property, error) {
	return find(ctx, c, c.wire.properties, c.properties, id)
}

// FindRecentProperty is FindProperty for one that Terraform created at a time; zero if that was long ago. Reads may lag
// behind writes: that it is gone is believed when it is old enough.
func (c *Client) FindRecentProperty(ctx context.Context, id string, created time.Time) (Property, error) {
	return findRecent(ctx, c, c.wire.properties, c.properties, id, created)
}

// CreateProperty creates a property. before is the list that did not have its name; it proves that if it is complete.
//
// Once the API has accepted the POST it is not sent again, and what else goes wrong is no error. A
// POST whose outcome is unknown is never replayed blindly: the list is read, and the property is taken as
// ours if it is there as it was sent and was proven absent before; only if it is not there is the POST
// tried again, unless the list has a new property of which nobody knows where it comes from: the API may have
// rewritten the name. A name that turns out to be taken, if in another case, is an error of the kind Exists.
func (c *Client) CreateProperty(ctx context.Context, in NewProperty, before PropertyList) (CreatedProperty, error) {
	c.posted.note(in.Name)
	var (
		failed   *Error
		created  Property
		accepted = false // the API said yes, and no more
		taken    = false // the API said that the name is taken, maybe by a POST of ours that lists do not show yet
		unknown  = false // whether a POST of ours may have taken effect
	)
	for retry := 0; ; retry++ {
		if !accepted && !taken {
			if created, failed = c.postProperty(ctx, in); failed == nil {
				c.posted.note(created.Name)
				c.properties.Put(created)
				return CreatedProperty{Property: created}, nil
			}
			accepted = failed.isEmptySuccess()
		}
		unknown = unknown || failed.OutcomeUnknown
		failed.OutcomeUnknown = unknown
		refused := failed.Kind == BadRequest
		if !unknown && (!refused || !meansTaken(failed)) {
			return CreatedProperty{}, failed
		}

		list, err := c.relistProperties(ctx, in.Name)
		existing, found := list.ByName(in.Name)
		similar, isSimilar := list.BySimilarName(in.Name)
		unexplained := list.newSince(before, c.posted.explains)
		switch {
		case err != nil:
			return CreatedProperty{}, failed
		case found && (accepted || unknown && before.Complete && in.describes(existing)):
			return CreatedProperty{Property: existing, Recovered: true}, nil
		case found:
			failed.Kind, failed.Existing = Exists, &existing
			return CreatedProperty{}, failed
		case refused && isSimilar:
			failed.Kind, failed.Existing = Exists, &similar
			return CreatedProperty{}, failed
		case refused && (!unknown || !meansTaken(failed)):
			failed.Hidden = list.Complete && meansTaken(failed)
			return CreatedProperty{}, failed
		case unexplained != nil:
			failed.Unexplained = unexplained
			return CreatedProperty{}, failed
		case !list.Complete || retry == c.maxRetries || failed.Repeated || c.transport.Backoff(ctx, retry) != nil:
			failed.Absent, failed.Hidden = list.Complete && !refused, list.Complete && refused
			return CreatedProperty{}, failed
		}
		taken = refused
	}
}

// relistProperties returns a list that is read from now on, and again, if a name is not in it, when it changed while
// it was read: as it does when this and other creates grow it. A write that was sent is finished, so an
// interrupt does not cut the look short at once.
func (c *Client) relistProperties(ctx context.Context, name string) (list PropertyList, err error) {
	ctx, cancel := transport.WithCancelGrace(ctx)
	defer cancel()
	const attempts = 3
	for range attempts {
		c.properties.Invalidate()
		if list, err = c.ListProperties(ctx); err != nil {
			return PropertyList{}, err
		}
		if _, found := list.ByName(name); found || list.Complete {
			break
		}
	}
	return list, nil
}

// newSince returns a property that a complete list did not have before, and that is not explained; nil if there is
// none.
func (l PropertyList) newSince(before PropertyList, explained func(name string) bool) *Property {
	for _, p := range l.Items {
		if _, old := before.ByID(p.ID); before.Complete && !old && !explained(p.Name) {
			return &p
		}
	}
	return nil
}

// postedNames are the names of properties that this client has created, or may have.
type postedNames struct {
	mu    sync.Mutex
	names map[string]bool // normalized
}

func (n *postedNames) note(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.names[Normalize(name)] = true
}

// explains reports whether a property of this name comes from this client.
func (n *postedNames) explains(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.names[Normalize(name)]
}

// describes reports whether an existing property is as it would be if in had created it.
func (in NewProperty) describes(p Property) bool {
	return SameText(p.Name, in.Name) && p.Type == in.Type && (in.Label == "" || p.Label == in.Label)
}

// postProperty sends the POST. What the reply leaves open is as it was sent.
func (c *Client) postProperty(ctx context.Context, in NewProperty) (Property, *Error) {
	properties := c.wire.properties
	r, err := c.do(ctx, http.MethodPost, collection(properties.path), nil, c.wire.encodeProperty(in))
	if err != nil {
		return Property{}, AsError(err)
	}
	id, err := c.wire.writtenID(r.body)
	if err != nil || id == "" {
		return Property{}, r.bad("the reply has no id")
	}
	created, err := properties.one(r.body)
	if err != nil {
		created = Property{ID: id, Name: in.Name, Label: cmp.Or(in.Label, in.Name), Type: in.Type}
	}
	return created, nil
}

// meansTaken reports whether a refusal sounds as if the name were taken. The API description has no
// status of its own for that, so the text decides; it only chooses a hint.
func meansTaken(e *Error) bool {
	message := strings.ToLower(e.Message)
	return e.Status == http.StatusConflict || strings.Contains(message, "exist") ||
		strings.Contains(message, "taken") || strings.Contains(message, "unique")
}
