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

    /// <summary>The value for an input, in the runspace of the cmdlet: the last that a script block puts out.</summary>
    public object? Select(PSObject? input) => _script is null ? _constant : Run(_script, input) is [.., { } last] ? last.BaseObject : null;

    /// <summary>The value for an input; of a script block that puts out several an array, as where its output is assigned.</summary>
    public object? SelectAll(PSObject? input) => _script is null ? _constant : Run(_script, input) switch
    {
        [] => null,
        [var only] => only?.BaseObject,
        var several => several.ToArray<object?>(),
    };

    private static Collection<PSObject> Run(ScriptBlock script, PSObject? input) => script.InvokeWithContext(null, [new PSVariable("_", input)], input);
}
