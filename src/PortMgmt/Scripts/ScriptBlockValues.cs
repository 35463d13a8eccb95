using System.Collections;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Refuses script blocks as values for other runspaces: there they would run on the thread of the runspace that they come from,
/// which waits for the batch, or at the same time as it.
/// </summary>
internal static class ScriptBlockValues
{
    /// <summary>Whether the value is a script block, or a collection that has one as an element.</summary>
    public static bool IsIn(object? value)
    {
        object? plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            ScriptBlock => true,
            IDictionary pairs => pairs.Values.Cast<object?>().Any(IsBlock),
            Array or ArrayList or List<object> => ((IList)plain).Cast<object?>().Any(IsBlock),
            _ => false,
        };
    }

    /// <summary>Why the value is not taken, and what to do.</summary>
    public static OperationException Refusal(string name) => new(
        OperationErrorCode.InvalidScriptBlockValue,
        $"{name} is a script block, which belongs to its own runspace and cannot run in another: "
        + "pass its text and make a block of it inside by [scriptblock]::Create(), or bring a function by -Functions.");

    private static bool IsBlock(object? element) => element is ScriptBlock or PSObject { BaseObject: ScriptBlock };
}
