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

// providerData is what all resources and data sources of one configured provider share. Configure
// makes it; it is never a global, so two aliases share nothing.
type providerData struct {
	*tidio.Client

	mu       sync.Mutex
	reserved map[string]string // names of planned properties: to the property's id, "" for a new one
	warned   map[string]bool   // by summary
}

func newProviderData(client *tidio.Client) *providerData {
	return &providerData{Client: client, reserved: map[string]string{}, warned: map[string]bool{}}
}

// reserveName records that the property with this id, or a new one if id is "", is planned to have
// this name. It reports whether the name was free.
func (d *providerData) reserveName(name, id string) (free bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	owner, taken := d.reserved[name]
	if taken && (owner == "" || owner != id) {
		return false
	}
	d.reserved[name] = id
	return true
}

// isPlanned reports whether a property of this name is planned, as far as it is known by now.
func (d *providerData) isPlanned(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, planned := d.reserved[name]
	return planned
}

// warnOnce adds a warning that holds for all resources, once per process.
func (d *providerData) warnOnce(diags *diag.Diagnostics, warning diag.Diagnostic) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.warned[warning.Summary()] {
		d.warned[warning.Summary()] = true
		diags.Append(warning)
	}
}

// providerDataFrom returns what the framework passes on from Configure. It is nil before the provider
// is configured, as in `terraform validate`; nothing uses it then.
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

// logHooks write the provider's log lines: no header, no query, no body, no value.
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
