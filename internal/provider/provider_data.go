package provider

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// providerData is shared by all resources and data sources of one configured provider. Configure creates it.
// It is never a global, so two aliases share nothing.
type providerData struct {
	*tidio.Client

	mu       sync.Mutex
	reserved map[unique]string  // to the id of the object that is planned to have the value, "" for a new one
	planned  map[objectID]fates // objects with a state that this configured provider has planned
	imported map[objectID]bool
	renamed  map[string]string // from configured names to different names in the account
	warned   map[string]bool   // by summary
}

// objectID is an object of the account.
type objectID struct{ noun, id string }

// The nouns of managed objects.
const (
	propertyNoun = "property"
	contactNoun  = "contact"
)

// fates records what plans do with an object.
type fates struct{ kept, deleted bool }

// unique is a value that only one object of its kind may have, such as the name of a property or the distinct
// id of a contact.
type unique struct{ attribute, value string }

// The attributes with unique values.
const (
	propertyName      = "tidio_property.name"
	contactDistinctID = "tidio_contact.distinct_id"
)

func newProviderData(client *tidio.Client) *providerData {
	return &providerData{
		Client: client, reserved: map[unique]string{}, planned: map[objectID]fates{}, imported: map[objectID]bool{},
		renamed: map[string]string{}, warned: map[string]bool{},
	}
}

// reserve records that the object with this id, or a new one if id is "", is planned to have a value. It
// reports whether the value was free.
func (d *providerData) reserve(u unique, id string) (free bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	owner, taken := d.reserved[u]
	if taken && (owner == "" || owner != id) {
		return false
	}
	d.reserved[u] = id
	return true
}

// isPlanned reports whether a property with this name is planned, as far as is known now.
func (d *providerData) isPlanned(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, planned := d.reserved[unique{propertyName, name}]
	return planned
}

// planExisting records that an object with a state is planned. It is an error if another resource in the configuration
// manages the same object. If the plan turns out to be a replacement, its second half has no state.
// [providerData.replaces] distinguishes it from a create.
func (d *providerData) planExisting(
	ctx context.Context, private privateWriter, object objectID, diags *diag.Diagnostics,
) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := d.planned[object]
	switch {
	case seen.kept:
		diags.Append(twoAddresses(object))
	case seen.deleted:
		diags.Append(keptAndDeleted(object))
	}
	seen.kept = true
	d.planned[object] = seen
	setPrivate(ctx, private, privateReplaces, object.id, diags)
}

// planDelete records that the plan deletes an object in the account. It is an error if another resource in the
// configuration keeps the object.
func (d *providerData) planDelete(object objectID, diags *diag.Diagnostics) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := d.planned[object]
	if seen.kept {
		diags.Append(keptAndDeleted(object))
	}
	seen.deleted = true
	d.planned[object] = seen
}

// replaces returns the id of the object that a plan without a state replaces, or "" if the plan is a create. The plan
// for a tainted object is a create, and so is the plan for an object that Read has removed, even if it still has
// private state.
func (d *providerData) replaces(
	ctx context.Context, private privateReader, noun string, diags *diag.Diagnostics,
) (id string) {
	id = getPrivate[string](ctx, private, privateReplaces, diags)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.planned[objectID{noun, id}].kept {
		return ""
	}
	return id
}

// noteImported records that this configured provider has imported an object.
func (d *providerData) noteImported(object objectID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.imported[object] = true
}

func (d *providerData) wasImported(object objectID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.imported[object]
}

// noteNames records the names of a property, if they differ.
func (d *providerData) noteNames(names propertyNames) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if names.differ() {
		d.renamed[names.Configured] = names.Actual
	}
}

// renamedTo returns the name in the account of a property with this configured name, if the two differ, or "".
func (d *providerData) renamedTo(configured string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.renamed[configured]
}

// noteFound is noteFormat for a read. Usually, private state already has the format.
func (d *providerData) noteFound(
	ctx context.Context, before privateReader, private privateWriter, diags *diag.Diagnostics,
) {
	if formatIn(ctx, before, diags) != d.Format() {
		d.noteFormat(ctx, private, diags)
	}
}

// noteFormat records that the object is in the account of this format.
func (d *providerData) noteFormat(ctx context.Context, private privateWriter, diags *diag.Diagnostics) {
	setPrivate(ctx, private, privateFormat, d.Format(), diags)
}

// warnOnce adds a warning that applies to all resources, once per process.
func (d *providerData) warnOnce(diags *diag.Diagnostics, warning diag.Diagnostic) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.warned[warning.Summary()] {
		d.warned[warning.Summary()] = true
		diags.Append(warning)
	}
}

// providerDataFrom returns the data that the framework passes on from Configure. It is nil before the provider is
// configured, as in `terraform validate`, when nothing uses it.
func providerDataFrom(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	configured, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected *providerData, got %T. This is a bug "+
			"of the provider; please report it.", data))
	}
	return configured
}

// managedResource is embedded in every resource.
type managedResource struct {
	data *providerData
}

func (r *managedResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.data = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// dataSource is embedded in every data source.
type dataSource struct {
	data *providerData
}

func (d *dataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.data = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// logHooks writes the provider's log lines, without headers, queries, bodies or values.
var logHooks = tidio.Hooks{
	Attempt: func(ctx context.Context, a tidio.Attempt) {
		fields := map[string]any{
			"method": a.Method, "path": a.Path, "attempt": a.Number,
			"status": a.Status, "bytes": a.Bytes, "milliseconds": a.Duration.Milliseconds(),
		}
		if a.Err != nil {
			fields["error"] = a.Err.Error()
		}
		tflog.Debug(ctx, "Tidio API request", fields)
	},
	Wait: func(ctx context.Context, w tidio.Wait) {
		fields := map[string]any{"reason": string(w.Reason), "seconds": w.Length.Round(100 * time.Millisecond).Seconds()}
		if w.Retries > 0 {
			fields["retry"], fields["max_retries"] = w.Retry, w.Retries
		}
		tflog.Warn(ctx, "Waiting before the next Tidio API request", fields)
	},
}
