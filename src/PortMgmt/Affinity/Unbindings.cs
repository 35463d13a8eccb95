using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using System.Runtime.CompilerServices;
using PortMgmt.Operations;

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

    /// <summary>What stands for objects whose members were taken.</summary>
    private readonly ConditionalWeakTable<object, object> _owners = [];

    /// <summary>The sessions that unbound scripts come from.</summary>
    private readonly ConditionalWeakTable<ScriptBlock, SessionState> _sessions = [];

    public static Unbindings Shared { get; } = new();

    /// <summary>Notes which session a script comes from.</summary>
    public void SetSession(ScriptBlock unbound, SessionState session) => _sessions.AddOrUpdate(unbound, session);

    /// <summary>The session that an unbound script comes from; null where nobody noted it.</summary>
    public SessionState? SessionOf(ScriptBlock unbound) => _sessions.TryGetValue(unbound, out SessionState? session) ? session : null;

    /// <summary>The session that an instance of a class had, as the engine keeps it; null where nobody has taken it.</summary>
    public object? SessionOf(object instance) => _open.TryGetValue(instance, out Unbinding? unbinding) ? unbinding.Session : null;

    /// <summary>What stands for an object whose members are taken, for as long as it lives.</summary>
    public object OwnerKey(object owner) =>
        _owners.GetOrAdd(owner is PSObject { BaseObject: { } plain and not PSCustomObject } ? plain : owner, static _ => new object());

    /// <summary>Notes that an object's members were taken.</summary>
    public void Take(object ownerKey, bool isShared) => Take(ownerKey, isShared, null, static _ => { });

    /// <summary>Unbinds an instance of a class that was written in PowerShell.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="type">Its class.</param>
    /// <param name="isShared">Many operations have it, and not one alone.</param>
    public void Take(object instance, ScriptClass type, bool isShared) => Take(instance, isShared, null, unbinding =>
    {
        foreach (FieldInfo field in type.SessionFields)
        {
            if (field.GetValue(instance) is { } session)
            {
                unbinding.Session = session;
                unbinding.Restore += () => field.SetValue(instance, session);
                field.SetValue(instance, null);
            }
        }
    });

    /// <summary>Unbinds a script of a member.</summary>
    public void Take(PSMemberInfo member, bool isShared, TurnGate? gate, IEnumerable<(MemberScript Which, ScriptBlock Bound, ScriptBlock Unbound)> scripts) =>
        Take(member, isShared, gate, unbinding =>
        {
            foreach ((MemberScript which, ScriptBlock bound, ScriptBlock unbound) in scripts)
            {
                unbinding.Restore += () => EngineInternals.WriteScript(member, which, bound);
                EngineInternals.WriteScript(member, which, unbound);
            }
        });

    /// <summary>Unbinds the blocks of a delegate.</summary>
    public void Take(object?[] constants, bool isShared, TurnGate? gate, IEnumerable<(int Index, ScriptBlock Bound, ScriptBlock Unbound)> blocks) =>
        Take(constants, isShared, gate, unbinding =>
        {
            foreach ((int index, ScriptBlock bound, ScriptBlock unbound) in blocks)
            {
                unbinding.Restore += () => constants[index] = bound;
                constants[index] = unbound;
            }
        });

    /// <summary>Guards a method, for all instances of its class.</summary>
    /// <param name="wrapper">What the engine calls it by.</param>
    /// <param name="gate">Where it waits.</param>
    /// <param name="guard">Guards it, and gives what puts it back.</param>
    /// <param name="home">Runs it in the session of the batch; null where it does not.</param>
    public void Take(ScriptBlockMemberMethodWrapper wrapper, TurnGate gate, Func<Action> guard, HomeScript? home)
    {
        Take(wrapper, isShared: true, gate, unbinding =>
        {
            unbinding.Restore = guard();
            unbinding.Home = home;
        });
        lock (_lock)
        {
            if (home is not null && _open.TryGetValue(wrapper, out Unbinding? unbinding) && unbinding.Home is { } first && first.Gate != gate)
            {
                first.Add(home);
            }
        }
    }

    /// <summary>What is said of a batch whose operations would wait for whoever started it.</summary>
    public static OperationException NoTurn() => new(
        OperationErrorCode.InvalidScriptBlockValue,
        "The batch is started by a method that changes its object or its session, for which operations take turns: those of this batch "
        + "would wait for it forever. Start the batch elsewhere, and give it what the method needs.");

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

    /// <summary>Whether more than one operation can have it.</summary>
    public bool IsShared(object value) => _open.TryGetValue(value, out Unbinding? unbinding) && (unbinding.IsShared || unbinding.Count > 1);

    // What somebody else has taken is unbound already.
    private void Take(object value, bool isShared, TurnGate? gate, Action<Unbinding> unbind)
    {
        lock (_lock)
        {
            Unbinding unbinding = _open.GetOrAdd(value, static _ => new Unbinding());
            if (unbinding.Gate is { IsHeldHere: true })
            {
                throw NoTurn();
            }

            unbinding.IsShared |= isShared;
            if (++unbinding.Count == 1)
            {
                unbinding.Gate = gate;
                unbind(unbinding);
            }
        }
    }

    private sealed class Unbinding
    {
        public int Count { get; set; }

        public bool IsShared { get; set; }

        public TurnGate? Gate { get; set; }

        public object? Session { get; set; }

        public HomeScript? Home { get; set; }

        public Action? Restore { get; set; }
    }
}
