package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What happens to a contact whose resource is destroyed; null means DELETE.
const (
	policyDelete  = "DELETE"
	policyAbandon = "ABANDON" // Terraform forgets it
)

const deleteFirst = "To delete it in Tidio as well, set deletion_policy = \"DELETE\" and apply that before " +
	"you destroy it: the policy in the state counts."

// keptWarning says why a contact with this policy in its state stays in Tidio when its resource is
// destroyed, or returns nil if it does not. Whatever is not known to delete keeps the contact:
// earlier versions had a policy PREVENT.
func keptWarning(policy types.String) diag.Diagnostic {
	switch policy.ValueString() {
	case "", policyDelete:
		return nil
	case policyAbandon:
		return diag.NewWarningDiagnostic("Contacts with deletion_policy ABANDON stay in Tidio",
			"When a tidio_contact with deletion_policy = \"ABANDON\" is destroyed or replaced, Terraform only "+
				"forgets it: the contact stays in Tidio with its values. "+deleteFirst)
	}
	return diag.NewWarningDiagnostic("Contacts with an unknown deletion_policy stay in Tidio",
		"The state has a deletion_policy that this version of the provider does not know, such as the "+
			"PREVENT of earlier versions. It may have been meant to protect the contact, so Terraform only "+
			"forgets it: the contact stays in Tidio with its values. "+deleteFirst)
}
