using System.Management.Automation;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// What an operation has around a call of a value's script: the block, the functions that it brought, and variables that it was given.
/// What a script of a module finds in its module must not be found here instead. Used on the thread of the cmdlet.
/// </summary>
internal sealed class OperationSurroundings
{
    private readonly HashSet<string> _set = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables that operations are given, by name.</summary>
    public IReadOnlyDictionary<string, object?> Given { get; set; } = new Dictionary<string, object?>();

    /// <summary>Adds a script that may call those of values.</summary>
    public void Add(ScriptBlock script) => _set.UnionWith(ScriptVariables.SetIn(script.Ast));

    /// <summary>Whether a script that may be around the call sets a variable of that name.</summary>
    public bool Sets(string name) => _set.Contains(name);

    /// <summary>Whether operations are given another variable of that name.</summary>
    public bool GiveAnother(PSVariable variable) => Given.TryGetValue(variable.Name, out object? value) && !Equals(value, variable.Value);
}
