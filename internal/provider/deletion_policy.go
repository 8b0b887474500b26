package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// What happens to an object whose resource is destroyed. null means DELETE for a contact; for a
// property, which the API cannot delete, it means ABANDON.
const (
	policyDelete  = "DELETE"
	policyAbandon = "ABANDON" // Terraform forgets it
	policyPrevent = "PREVENT" // the plan fails
)

const contactStaysSummary = "Contacts with deletion_policy ABANDON stay in Tidio"

const contactStaysDetail = "Each tidio_contact with deletion_policy = \"ABANDON\" that this plan destroys is only " +
	"forgotten by Terraform: it stays in the account with its values. To delete it in Tidio, set " +
	"deletion_policy = \"DELETE\" and apply that first: the policy in the state counts."

// preventedError says that deletion_policy keeps an object in the state. how says what would have
// happened, and how to let it happen.
func preventedError(object, how, resourceType string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_policy"), protectedSummary(object),
		"Its deletion_policy is \"PREVENT\". "+how+": the policy in the state counts. If its block is gone "+
			"from the configuration, put it back for that; or put a removed block in its place:\n\n"+
			"  removed {\n    from = "+resourceType+".<yours>\n    lifecycle {\n      destroy = false\n    }\n  }")
}

// replacePrevented says that deletion_policy keeps an object that is replaced because it is tainted or
// because of -replace: of that the provider hears at apply only.
func replacePrevented(object string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(protectedSummary(object),
		"Its deletion_policy is \"PREVENT\", and this apply replaces it: because the resource is tainted (then "+
			"`terraform untaint` it), or because of -replace (then leave that out). To have it replaced, do so first, "+
			"set another deletion_policy and apply, and replace it then.")
}

func protectedSummary(object string) string { return object + " is protected by its deletion policy" }

// deletionPolicy accepts what can happen to a property whose resource is destroyed, and says why
// DELETE cannot.
type deletionPolicy struct{}

func (deletionPolicy) Description(context.Context) string { return "ABANDON or PREVENT" }

func (v deletionPolicy) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (deletionPolicy) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	switch value := req.ConfigValue.ValueString(); value {
	case policyAbandon, policyPrevent:
	case policyDelete:
		resp.Diagnostics.AddAttributeError(req.Path, "A property cannot be deleted",
			"The Tidio API has no way to delete a property, so deletion_policy = \"DELETE\" would promise what cannot be "+
				"done. Use \"ABANDON\" (Terraform forgets the property, it stays in Tidio) or \"PREVENT\" (a "+
				"plan that would "+
				"destroy it fails).")
	default:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid deletion policy",
			fmt.Sprintf("deletion_policy must be \"ABANDON\" or \"PREVENT\". Got: %q.", value))
	}
}
