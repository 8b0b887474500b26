package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// What happens to a contact whose resource is destroyed; null means DELETE.
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
