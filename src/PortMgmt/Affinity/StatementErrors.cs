using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Has an error within <c>try { … } finally { … }</c> end what it would end without: the engine lets one that ends a statement end all of
/// the <c>try</c>, while a script that goes on after it has more to do and to put out. Thread-safe.
/// </summary>
internal sealed class StatementErrors
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Context = typeof(Runspace).GetProperty("ExecutionContext", Hidden);
    private static readonly PropertyInfo? EndsTry = Context?.PropertyType.GetProperty("PropagateExceptionsToEnclosingStatementBlock", Hidden);

    /// <summary>What was so for a thread before the <c>try</c> that it enters next.</summary>
    private readonly ConcurrentDictionary<int, object?> _before = [];

    /// <summary>Before the <c>try</c>: what an error ends is what it ends now.</summary>
    /// <returns>True.</returns>
    public bool Save()
    {
        _before[Environment.CurrentManagedThreadId] = EndsTry?.GetValue(FindContext());
        return true;
    }

    /// <summary>As the first statement within.</summary>
    public void Restore()
    {
        if (_before.TryRemove(Environment.CurrentManagedThreadId, out object? before) && before is not null)
        {
            EndsTry!.SetValue(FindContext(), before);
        }
    }

    private static object? FindContext() => Context!.GetValue(Runspace.DefaultRunspace);
}
