using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// The objects whose scripts belong to no session for a while, so that each runspace runs them in its own: in place, since a copy would
/// not be the caller's object. Several batches may have the same one; it is as before when the last of them lets go. The one such table
/// of the process. Thread-safe.
/// </summary>
internal sealed class Unbindings
{
    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<object, Unbinding> _open = [];

    public static Unbindings Shared { get; } = new();

    /// <summary>Unbinds an instance of a class that was written in PowerShell.</summary>
    public void Take(object instance, ScriptClass type)
    {
        lock (_lock)
        {
            if (Count(instance) is not { } unbinding)
            {
                return;
            }

            foreach (FieldInfo field in type.SessionFields)
            {
                if (field.GetValue(instance) is { } session)
                {
                    unbinding.Restore += () => field.SetValue(instance, session);
                    field.SetValue(instance, null);
                }
            }
        }
    }

    /// <summary>Unbinds a script of a member.</summary>
    public void Take(PSMemberInfo member, IEnumerable<(MemberScript Which, ScriptBlock Bound, ScriptBlock Unbound)> scripts)
    {
        lock (_lock)
        {
            if (Count(member) is not { } unbinding)
            {
                return;
            }

            foreach ((MemberScript which, ScriptBlock bound, ScriptBlock unbound) in scripts)
            {
                unbinding.Restore += () => EngineInternals.WriteScript(member, which, bound);
                EngineInternals.WriteScript(member, which, unbound);
            }
        }
    }

    /// <summary>Unbinds the blocks of a delegate.</summary>
    public void Take(object?[] constants, IEnumerable<(int Index, ScriptBlock Bound, ScriptBlock Unbound)> blocks)
    {
        lock (_lock)
        {
            if (Count(constants) is not { } unbinding)
            {
                return;
            }

            foreach ((int index, ScriptBlock bound, ScriptBlock unbound) in blocks)
            {
                unbinding.Restore += () => constants[index] = bound;
                constants[index] = unbound;
            }
        }
    }

    /// <summary>Lets go of what was taken.</summary>
    public void Release(object taken)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(taken, out Unbinding? unbinding) && --unbinding.Count == 0)
            {
                _open.Remove(taken);
                unbinding.Restore?.Invoke();
            }
        }
    }

    /// <summary>Whether somebody has taken it.</summary>
    public bool IsTaken(object value) => _open.TryGetValue(value, out _);

    // What somebody else has taken is unbound already.
    private Unbinding? Count(object value)
    {
        Unbinding unbinding = _open.GetOrAdd(value, static _ => new Unbinding());
        return ++unbinding.Count == 1 ? unbinding : null;
    }

    private sealed class Unbinding
    {
        public int Count { get; set; }

        public Action? Restore { get; set; }
    }
}
