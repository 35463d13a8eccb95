using System.Management.Automation;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// What the scripts of values use of the session that they come from: functions, and variables with the values that they had when the
/// first such value came. Written by the thread of the cmdlet, read by workers. Thread-safe.
/// </summary>
internal sealed class SessionNeeds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BroughtFunction> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);
    private volatile int _version;

    /// <summary>Grows with each need; 0 for none.</summary>
    public int Version => _version;

    /// <summary>Adds a function.</summary>
    /// <returns>False if there is another of that name.</returns>
    public bool TryAdd(BroughtFunction function)
    {
        lock (_lock)
        {
            if (_functions.TryGetValue(function.Name, out BroughtFunction? known))
            {
                return known.Equals(function);
            }

            _functions.Add(function.Name, function);
            _version++;
            return true;
        }
    }

    /// <summary>Adds a variable, unless it is there.</summary>
    public void Add(string name, object? value)
    {
        lock (_lock)
        {
            if (_variables.TryAdd(name, value))
            {
                _version++;
            }
        }
    }

    /// <summary>Gives a worker all of it, in the scope in which it calls operations.</summary>
    /// <param name="state">The worker's session.</param>
    /// <param name="given">Variables that the operations have been given otherwise, which come first.</param>
    /// <returns>What was the version then.</returns>
    public int Provide(SessionState state, IReadOnlyDictionary<string, object?> given)
    {
        lock (_lock)
        {
            foreach ((string name, object? value) in _variables)
            {
                if (!given.ContainsKey(name))
                {
                    state.PSVariable.Set("global:" + name, value);
                }
            }

            if (_functions.Count > 0)
            {
                state.InvokeCommand.InvokeScript(useLocalScope: false, BroughtFunction.Definitions([.. _functions.Values]), null);
            }

            return _version;
        }
    }
}
