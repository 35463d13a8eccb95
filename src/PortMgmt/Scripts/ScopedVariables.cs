namespace PortMgmt.PowerShell.Scripts;

/// <summary>Environment variables of this process that are set for a while, and put back as they were on disposal.</summary>
internal sealed class ScopedVariables : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    /// <summary>Sets the variables.</summary>
    public ScopedVariables(IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        foreach ((string name, string value) in variables)
        {
            _before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _before.Clear();
    }
}
