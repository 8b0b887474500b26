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

// account is what all resources and data sources of one configured provider share. It is made by
// Configure, never kept in a global: two aliases share nothing.
type account struct {
	*tidio.Client

	mu     sync.Mutex
	names  map[string]string // planned property names: to the id of the property that has it, "" for one to be created
	warned map[string]bool   // by summary
}

func newAccount(client *tidio.Client) *account {
	return &account{Client: client, names: map[string]string{}, warned: map[string]bool{}}
}

// planName notes that a property with this name is planned: the one with id, or a new one if id is
// "". It reports whether another one has the name already.
func (a *account) planName(name, id string) (free bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	owner, taken := a.names[name]
	if taken && (owner == "" || owner != id) {
		return false
	}
	a.names[name] = id
	return true
}

// isPlanned reports whether a property of this name is planned, as far as it is known by now.
func (a *account) isPlanned(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, planned := a.names[name]
	return planned
}

// warnOnce adds a warning that holds for all resources, once per process.
func (a *account) warnOnce(diags *diag.Diagnostics, warning diag.Diagnostic) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.warned[warning.Summary()] {
		a.warned[warning.Summary()] = true
		diags.Append(warning)
	}
}

// accountOf is what the framework hands on from Configure. It is nil before the provider is
// configured, as in `terraform validate`, and then nothing asks for it.
func accountOf(data any, diags *diag.Diagnostics) *account {
	if data == nil {
		return nil
	}
	configured, ok := data.(*account)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected *account, got %T. This is a bug "+
			"of the provider; please report it.", data))
	}
	return configured
}

// managedResource is what all resources have.
type managedResource struct {
	account *account
}

func (r *managedResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.account = accountOf(req.ProviderData, &resp.Diagnostics)
}

// dataSource is what all data sources have.
type dataSource struct {
	account *account
}

func (d *dataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.account = accountOf(req.ProviderData, &resp.Diagnostics)
}

// logHooks write the provider's own log: no header, no body, no value.
var logHooks = tidio.Hooks{
	Attempt: func(ctx context.Context, a tidio.Attempt) {
		fields := map[string]any{
			"method": a.Method, "path": a.Path, "query": a.Query, "attempt": a.Number,
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
