using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Batches;

/// <summary>What an input is called in messages.</summary>
internal static class InputText
{
    /// <summary>Its text; of what makes its elements as it is read, and maybe once, the type alone.</summary>
    public static string Of(PSObject? input) =>
        input?.BaseObject is IEnumerable and not (string or ICollection) ? input.BaseObject.GetType().Name : $"{input}";
}
