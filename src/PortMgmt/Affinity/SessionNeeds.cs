using System.Management.Automation;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// What the scripts of values use of the session that they come from: functions, variables with the values that they had when the
/// first such value came, and variables that they set. Written by the thread of the cmdlet, read by workers. Thread-safe.
/// </summary>
internal sealed class SessionNeeds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BroughtFunction> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (PSVariable Variable, object? Value)> _variables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables that are set: the caller's own.</summary>
    private readonly Dictionary<string, PSVariable> _shared = new(StringComparer.OrdinalIgnoreCase);
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

    /// <summary>Adds a variable that is read, with its value of this moment, unless it is there.</summary>
    /// <returns>False if there is another of that name, with another value.</returns>
    public bool TryAdd(PSVariable variable)
    {
        lock (_lock)
        {
            if (_shared.TryGetValue(variable.Name, out PSVariable? shared))
            {
                return EngineInternals.AreOne(shared, variable);
            }

            if (_variables.TryGetValue(variable.Name, out (PSVariable Variable, object? Value) known))
            {
                return EngineInternals.AreOne(known.Variable, variable) || Equals(known.Value, variable.Value);
            }

            _variables.Add(variable.Name, (variable, variable.Value));
            _version++;
            return true;
        }
    }

    /// <summary>Adds a variable that is set: operations get the variable itself.</summary>
    /// <returns>False if there is another of that name.</returns>
    public bool TryShare(PSVariable variable)
    {
        lock (_lock)
        {
            if (_shared.TryGetValue(variable.Name, out PSVariable? known))
            {
                return EngineInternals.AreOne(known, variable);
            }

            if (_variables.TryGetValue(variable.Name, out (PSVariable Variable, object? Value) read) && !EngineInternals.AreOne(read.Variable, variable))
            {
                return false;
            }

            _shared.Add(variable.Name, variable);
            _version++;
            return true;
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
            foreach ((string name, (_, object? value)) in _variables)
            {
                if (!given.ContainsKey(name))
                {
                    state.PSVariable.Set("global:" + name, value);
                }
            }

            foreach (PSVariable variable in _shared.Values)
            {
                SharedVariable.Provide(state, variable);
            }

            if (_functions.Count > 0)
            {
                state.InvokeCommand.InvokeScript(useLocalScope: false, BroughtFunction.Definitions([.. _functions.Values]), null);
            }

            return _version;
        }
    }
}
