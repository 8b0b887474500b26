// Package provider implements what Terraform sees: the provider's configuration, resources and data sources.
package provider

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// Address is the provider's registry address.
const Address = "registry.terraform.io/tidio-community/tidio"

// envBaseURL is used if the configuration does not set base_url.
const envBaseURL = "TIDIO_BASE_URL"

// Defaults of the configuration.
const (
	defaultMaxRetries     = 4
	defaultMaxRetryWait   = 120 * time.Second
	defaultRequestTimeout = 30 * time.Second
)

// recheckAfter are the ages of a write at which a read that contradicts it is repeated, because reads may lag
// behind writes.
var recheckAfter = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}

var (
	_ provider.Provider                       = (*tidioProvider)(nil)
	_ provider.ProviderWithActions            = (*tidioProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*tidioProvider)(nil)
	_ provider.ProviderWithListResources      = (*tidioProvider)(nil)
)

// Option changes what [New] constructs.
type Option func(*tidioProvider)

// WithTransport sends each single attempt through attempts instead of over the network. Waits, retries
// and deadlines do not change. Use it in tests that record and replay.
func WithTransport(attempts http.RoundTripper) Option {
	return func(p *tidioProvider) { p.attempts = attempts }
}

// WithRecheckAfter sets when a read that contradicts a write is repeated, instead of 1, 3 and 10 seconds after
// the write. Use it in tests.
func WithRecheckAfter(ages ...time.Duration) Option {
	return func(p *tidioProvider) { p.recheckAfter = ages }
}

// New returns a constructor for the provider. version is part of the user agent.
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &tidioProvider{version: version, recheckAfter: recheckAfter}
		for _, option := range options {
			option(p)
		}
		return p
	}
}

type tidioProvider struct {
	version      string
	attempts     http.RoundTripper // nil = the network
	recheckAfter []time.Duration
}

type providerModel struct {
	ClientID          types.String `tfsdk:"client_id"`
	ClientSecret      types.String `tfsdk:"client_secret"`
	APIKey            types.String `tfsdk:"api_key"`
	ExpectedProjectID types.String `tfsdk:"expected_project_id"`
	BaseURL           types.String `tfsdk:"base_url"`
	MaxRetries        types.Int64  `tfsdk:"max_retries"`
	MaxRetryWait      types.String `tfsdk:"max_retry_wait"`
	RequestTimeout    types.String `tfsdk:"request_timeout"`
	RequestsPerMinute types.Int64  `tfsdk:"requests_per_minute"`
}

func (p *tidioProvider) Metadata(
	_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse,
) {
	resp.TypeName = "tidio"
	resp.Version = p.version
}

func (p *tidioProvider) Schema(
	_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages [Tidio](https://www.tidio.com) through its REST API. Not an official Tidio product.",
		Attributes: map[string]schema.Attribute{
			"client_id": schema.StringAttribute{
				MarkdownDescription: "Client id for the published API, used together with `client_secret`. The project's owner " +
					"or an admin creates both under **Developer > OpenAPI** in the Tidio panel. Needs the Plus or Premium plan. " +
					"You can also set the environment variable `TIDIO_CLIENT_ID`.",
				Optional:  true,
				Sensitive: true,
			},
			"client_secret": schema.StringAttribute{
				MarkdownDescription: "Client secret for `client_id`. Prefer the environment variable `TIDIO_CLIENT_SECRET`: then " +
					"the secret is not in any file or saved plan.",
				Optional:  true,
				Sensitive: true,
			},
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key for the v1 API, used instead of `client_id` and `client_secret`. Create it under " +
					"**Settings > Developer** in the Tidio panel. Needs the Plus plan. Prefer the environment variable " +
					"`TIDIO_API_KEY`: then the key is not in any file or saved plan.",
				Optional:  true,
				Sensitive: true,
			},
			"expected_project_id": schema.StringAttribute{
				MarkdownDescription: "Id of the Tidio project that the credentials must belong to. The first request " +
					"checks the id; if it does not match, no other request is sent. Only for `client_id` and `client_secret`: " +
					"v1 does not report the project. The data source `tidio_project` shows the id.",
				Optional:   true,
				Validators: []validator.String{notEmptyValidator{}},
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "Address of the API. The default is `" + tidio.OpenAPIBaseURL + "` with `client_id`, and `" +
					tidio.V1BaseURL + "` with `api_key`. You can also set the environment variable `" + envBaseURL + "`. Must be " +
					"`https`, except for a mock on this machine (`127.0.0.0/8`, `::1`, `localhost`).",
				Optional:   true,
				Validators: []validator.String{baseURLValidator{}},
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("How often the provider retries a request after a server error or a network "+
					"error, with exponential backoff. The default is `%d`; `0` means never. A write that may have taken "+
					"effect is never repeated blindly. Waits for the rate limit do not count.", defaultMaxRetries),
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(0, 20)},
			},
			"max_retry_wait": schema.StringAttribute{
				MarkdownDescription: "Longest wait for the rate limit without a successful request, as a duration such as `90s` " +
					"or `5m`. The default is `2m`. A request that would have to wait longer fails immediately. The rate limit " +
					"is per minute: with less than `61s`, a run that reaches it may fail.",
				Optional:   true,
				Validators: []validator.String{durationValidator{min: 0, max: 24 * time.Hour}},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "Time limit for a single request and its reply, as a duration. The default is `30s`. Each " +
					"retry has its own time limit.",
				Optional:   true,
				Validators: []validator.String{durationValidator{min: time.Millisecond, max: time.Hour}},
			},
			"requests_per_minute": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of requests that the provider sends in any 60 seconds. By default, it uses " +
					"all that the API allows. All integrations of the account share the limit (60 a minute on the Plus plan): " +
					"set this to leave room for the others. Each plan, each apply and each provider block counts separately, so " +
					"leave room for two of them.",
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 100_000)},
			},
		},
	}
}

// Configure makes no request. A wrong key causes an error when it is first used.
func (p *tidioProvider) Configure(
	ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse,
) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	options := config.options(os.Getenv, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	options.UserAgent = fmt.Sprintf("terraform-provider-tidio/%s terraform/%s", p.version, req.TerraformVersion)
	options.Hooks = logHooks
	options.Base = p.attempts
	options.RecheckAfter = p.recheckAfter

	client := tidio.New(options)
	if options.ExpectedProjectID != "" && !client.HasProject() {
		resp.Diagnostics.Append(unsupported(lacksProject, path.Root("expected_project_id")))
		return
	}
	configured := newProviderData(client)
	resp.ResourceData = configured
	resp.DataSourceData = configured
	resp.ActionData = configured
	resp.EphemeralResourceData = configured
	resp.ListResourceData = configured
}

func (p *tidioProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newContactResource,
		newPropertyResource,
	}
}

func (p *tidioProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newContactDataSource,
		newContactsDataSource,
		newConversationDataSource,
		newConversationsDataSource,
		newDepartmentDataSource,
		newDepartmentsDataSource,
		newMessagesDataSource,
		newOperatorDataSource,
		newOperatorsDataSource,
		newPropertyDataSource,
		newProjectDataSource,
		newPropertiesDataSource,
		newTicketDataSource,
		newTicketsDataSource,
	}
}

func (p *tidioProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		newCreateConversation, newCreateTicket, newReplyToTicket, newUpdateConversation, newUpdateTicket,
	}
}

func (p *tidioProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newMessagesEphemeral}
}

func (p *tidioProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newContactList, newPropertyList}
}

// options converts the configuration into the client's options. The environment supplies what the
// configuration does not set. Errors are reported on the attribute they concern, wherever the value came from.
func (m providerModel) options(env func(string) string, diags *diag.Diagnostics) tidio.Options {
	m.refuseUnknown(diags)
	if diags.HasError() {
		return tidio.Options{}
	}
	options := tidio.Options{Settings: tidio.Settings{
		MaxRetries:     defaultMaxRetries,
		MaxRetryWait:   defaultMaxRetryWait,
		RequestTimeout: defaultRequestTimeout,
	}}
	if options.Credentials = m.credentials(env, diags); diags.HasError() {
		return options
	}
	options.ExpectedProjectID = m.ExpectedProjectID.ValueString()
	options.BaseURL, _ = tidio.ParseBaseURL(tidio.DefaultBaseURL(options.Credentials))
	if address := m.BaseURL.ValueString(); address != "" {
		options.BaseURL, _ = tidio.ParseBaseURL(address) // checked by the validator
	} else if address := env(envBaseURL); address != "" {
		parsed, err := tidio.ParseBaseURL(address)
		if err != nil {
			diags.AddAttributeError(path.Root("base_url"), "Invalid Tidio API address",
				fmt.Sprintf("The environment variable %s cannot be used: %s.", envBaseURL, err))
		}
		options.BaseURL = parsed
	}
	if !diags.HasError() && tidio.HasBrokenProxy(options.BaseURL) {
		diags.Append(brokenProxy(options.BaseURL))
	}
	if !m.MaxRetries.IsNull() {
		options.MaxRetries = int(m.MaxRetries.ValueInt64())
	}
	if !m.MaxRetryWait.IsNull() {
		options.MaxRetryWait, _ = time.ParseDuration(m.MaxRetryWait.ValueString()) // checked by the validator
	}
	if !m.RequestTimeout.IsNull() {
		options.RequestTimeout, _ = time.ParseDuration(m.RequestTimeout.ValueString()) // checked by the validator
	}
	options.RequestsPerMinute = int(m.RequestsPerMinute.ValueInt64())
	return options
}

// refuseUnknown reports each attribute whose value is known only after apply, because the plan already needs
// the provider.
func (m providerModel) refuseUnknown(diags *diag.Diagnostics) {
	for name, value := range map[string]types.String{
		"api_key": m.APIKey, "client_id": m.ClientID, "client_secret": m.ClientSecret,
	} {
		if value.IsUnknown() {
			diags.AddAttributeError(path.Root(name), "Tidio credentials are not known yet",
				fmt.Sprintf("The value of %s is known only after apply, but the provider needs it during the plan. Set the "+
					"environment variable %s and remove %s from the provider block. Or first apply what the value depends on, "+
					"with -target.", name, variable(name), name))
		}
	}
	for name, value := range map[string]attr.Value{
		"base_url": m.BaseURL, "expected_project_id": m.ExpectedProjectID,
		"max_retries": m.MaxRetries, "max_retry_wait": m.MaxRetryWait,
		"request_timeout": m.RequestTimeout, "requests_per_minute": m.RequestsPerMinute,
	} {
		if value.IsUnknown() {
			diags.AddAttributeError(path.Root(name), "A provider setting is not known yet",
				fmt.Sprintf("The value of %s is known only after apply, but the provider needs it during the plan. "+
					"Set a value that is known during the plan, or remove the attribute.", name))
		}
	}
}
