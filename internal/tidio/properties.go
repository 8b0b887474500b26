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

// PropertyTypes are the types of a new property. The API may send others.
var PropertyTypes = []string{"text", "email", TypeNumber, "phone", "url"}

// TypeNumber is the type of properties whose values are numbers.
const TypeNumber = "number"

// MaxPropertyName is the maximum length of a property's name, in characters.
const MaxPropertyName = 128

// Property is a custom contact property. The API can list, get and create properties; it cannot
// change or delete one.
type Property struct {
	ID    string
	Name  string // unique in the account
	Label string // what people see; the name if the API sends no label
	Type  string
}

func (p Property) id() string { return p.ID }

// NewProperty is the input to create a property.
type NewProperty struct {
	Name  string
	Label string // "" = not sent
	Type  string
}

// PropertyList is the account's properties in the API's order.
type PropertyList struct {
	Items []Property

	// Complete is false if the list changed during the read. A property that is not in the list may then
	// exist nevertheless.
	Complete bool
}

// ByName returns the property with this name, in any Unicode form.
func (l PropertyList) ByName(name string) (Property, bool) {
	if p, found := l.find(func(p Property) bool { return p.Name == name }); found {
		return p, true
	}
	return l.find(func(p Property) bool { return SameText(p.Name, name) })
}

// BySimilarName returns a property whose name differs only in letter case.
func (l PropertyList) BySimilarName(name string) (Property, bool) {
	return l.find(func(p Property) bool { return SameFold(p.Name, name) && !SameText(p.Name, name) })
}

// ByID returns the property with this id.
func (l PropertyList) ByID(id string) (Property, bool) {
	return l.find(func(p Property) bool { return SameText(p.ID, id) })
}

// inOwnForm returns values with the account's own names as keys, in their Unicode form.
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

	// Recovered is set if the property was found after a POST with an unknown outcome.
	Recovered bool
}

// ListProperties returns all properties of the account. It reads them once per client, one request per
// page. Properties that this client creates are added to the list. The caller must not change it.
func (c *Client) ListProperties(ctx context.Context) (PropertyList, error) {
	items, complete, err := list(ctx, c, c.wire.properties, c.properties)
	return PropertyList{Items: items, Complete: complete}, err
}

// FindProperty returns one property of the list. An error of the kind NotFound means that it is gone; a
// wrong base URL is a different error.
func (c *Client) FindProperty(ctx context.Context, id string) (Property, error) {
	return find(ctx, c, c.wire.properties, c.properties, id)
}

// FindRecentProperty is FindProperty for a property that Terraform created at the given time; zero means long ago.
// Reads may lag behind writes, so its absence is accepted only when the property is old enough.
func (c *Client) FindRecentProperty(ctx context.Context, id string, created time.Time) (Property, error) {
	return findRecent(ctx, c, c.wire.properties, c.properties, id, created)
}

// CreateProperty creates a property. before is a list without its name. If before is complete, it proves
// that the property did not exist.
//
// Once the API has accepted the POST, the POST is not sent again, and no later problem is an error. A POST
// with an unknown outcome is never blindly repeated: CreateProperty reads the list. If the property exists
// as it was sent, and did not exist before, it is ours. If the property does not exist, the POST is sent
// again. If the list instead has a new property of unknown origin, the POST is not sent again, because the
// API may have rewritten the name. A name that is taken, in any letter case, is an error of the kind Exists.
func (c *Client) CreateProperty(ctx context.Context, in NewProperty, before PropertyList) (CreatedProperty, error) {
	c.posted.note(in.Name)
	var (
		failed   *Error
		created  Property
		accepted = false // the API accepted the POST with an empty reply
		taken    = false // the name is taken, maybe by our own POST, which lists may not show yet
		unknown  = false // a POST of ours may have taken effect
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

// relistProperties reads a new list. If the list lacks a name and changed during the read, as it does when creates add
// to it, relistProperties reads it again. A write that was sent is finished, so an interrupt does not end this
// immediately.
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

// newSince returns a property that is not in the complete list before, and whose name is not explained; nil if there is
// none.
func (l PropertyList) newSince(before PropertyList, explained func(name string) bool) *Property {
	for _, p := range l.Items {
		if _, old := before.ByID(p.ID); before.Complete && !old && !explained(p.Name) {
			return &p
		}
	}
	return nil
}

// postedNames are the names of properties that this client has created, or may have created.
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

// describes reports whether an existing property looks as if in had created it.
func (in NewProperty) describes(p Property) bool {
	return SameText(p.Name, in.Name) && p.Type == in.Type && (in.Label == "" || p.Label == in.Label)
}

// postProperty sends the POST. If the reply lacks values, the sent values are used.
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

// meansTaken reports whether a refusal seems to mean that the name is taken. The API's description has no
// separate status for this, so the text decides. It only selects a hint.
func meansTaken(e *Error) bool {
	message := strings.ToLower(e.Message)
	return e.Status == http.StatusConflict || strings.Contains(message, "exist") ||
		strings.Contains(message, "taken") || strings.Contains(message, "unique")
}
