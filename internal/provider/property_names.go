package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// The name of a property in the account may be another one than its configuration says: the API may rewrite it at
// the creation, and people rename properties in the Tidio panel. Neither is a reason to create another property,
// which nobody could delete. So private state has the name that was configured last: as long as the configuration
// still says that one, a plan keeps the property as it is, and warns.

// namesInTidio warns that a plan keeps properties under the names that they have in the account.
func namesInTidio(configured, actual string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"), "Properties have different names in Tidio",
		fmt.Sprintf("Tidio changed the names, or somebody renamed the properties in the Tidio panel. Terraform changes "+
			"nothing. Set each name to the one in Tidio. `plan -json` lists every such property. One is:\n\n"+
			"  Configured:  %s\n  In Tidio:    %s\n\n  name = %[2]s", hclString(configured), hclString(actual)))
}

// createdAsAnother warns that the API has given a new property another name.
func createdAsAnother(planned, actual, id string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"),
		fmt.Sprintf("Property %q has a different name in Tidio", planned),
		fmt.Sprintf("Tidio created it as %q (id %q). Set that name in the configuration:\n\n  name = %s\n\n"+
			"Until then, each plan leaves the property as it is, and warns.", actual, id, hclString(actual)))
}

// importedAsAnother says that the configuration has another name than the property that it imports.
func importedAsAnother(planned, actual string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"),
		fmt.Sprintf("The property to import is not named %q", planned),
		fmt.Sprintf("The API cannot rename a property. Set name to the one in Tidio:\n\n  name = %s", hclString(actual)))
}

// replacedUnderOldName says that a replacement would create a property that the account has under another name.
func replacedUnderOldName(planned, actual string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"),
		fmt.Sprintf("Property %q has a different name in Tidio", planned),
		fmt.Sprintf("Its name in Tidio is %q. This plan would create a second property, and the API can delete neither. Set "+
			"name to the one in Tidio:\n\n  name = %s\n\nThen remove -replace, or run `terraform untaint`. If you want a "+
			"second property, first remove the existing one from the state with `terraform state rm`.", actual,
			hclString(actual)))
}
