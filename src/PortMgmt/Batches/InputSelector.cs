using System.Collections.ObjectModel;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Batches;

/// <summary>A parameter that is one value for all operations, or a script block that finds it for each input, as <c>$_</c>.</summary>
internal sealed class InputSelector
{
    private readonly ScriptBlock? _script;
    private readonly object? _constant;

    public InputSelector(object? parameter)
    {
        object? plain = parameter is PSObject wrapped ? wrapped.BaseObject : parameter;
        _script = plain as ScriptBlock;
        _constant = _script is null ? plain : null;
    }

    /// <summary>The value for an input, in the runspace of the cmdlet.</summary>
    public object? Select(PSObject? input)
    {
        if (_script is null)
        {
            return _constant;
        }

        Collection<PSObject> found = _script.InvokeWithContext(null, [new PSVariable("_", input)], input);
        return found.Count == 0 ? null : found[^1]?.BaseObject;
    }
}
