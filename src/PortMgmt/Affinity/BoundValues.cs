using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// What a batch is given that belongs to the caller's session: unbound for as long as operations may use it, or refused before any
/// does. Taking is the thread of the cmdlet's; letting go may come from the reader of results.
/// </summary>
internal sealed class BoundValues : IValueVisitor, IDisposable
{
    private readonly ValueWalker _walker;
    private readonly ConcurrentDictionary<Operation<PSObject?>, List<object>> _ofInputs = new();
    private readonly List<object> _ofBatch = [];
    private readonly BoundClasses _classes;
    private readonly ScriptUnbinder _scripts;

    private readonly TurnGate _gate = TurnGate.Of(Runspace.DefaultRunspace);

    private List<object> _taken;
    private volatile bool _isUsed;
    private volatile bool _hasInputs;
    private bool _isOver;

    /// <summary>What was taken of what scripts at home put out; null for nothing.</summary>
    private HashSet<object>? _outputs;
    private bool _isOutput;

    /// <param name="caller">The session of whoever called the cmdlet.</param>
    /// <param name="isAttended">The thread of that session waits for the batch: what cannot be handed on may run there.</param>
    public BoundValues(SessionState caller, bool isAttended)
    {
        Kinds = new ValueKinds();
        Surroundings = new OperationSurroundings();
        _walker = new ValueWalker(Kinds);
        NeedsFinder finder = new(caller, Needs, Surroundings, Check, new HomeRule(isAttended));
        Func<bool> isOutput = () => _isOutput;
        _classes = new BoundClasses(caller, finder, _gate, isOutput, _ofBatch);
        _scripts = new ScriptUnbinder(finder, _gate, Check, isOutput);
        _taken = _ofBatch;
        if (isAttended)
        {
            _gate.AddTaker(TakeOutput);
        }
    }

    /// <summary>A worker's runspace runs operations of the batch.</summary>
    public void Employ(Runspace runspace) => _gate.Employ(runspace);

    /// <summary>The thread of the session, where it waits for the batch.</summary>
    public HomeThread Home => _gate.Home;

    /// <summary>What operations have around the calls of their scripts.</summary>
    public OperationSurroundings Surroundings { get; }

    /// <summary>What their scripts use of the caller's session.</summary>
    public SessionNeeds Needs { get; } = new();

    /// <summary>Kinds of types, for all who look at values of the batch.</summary>
    public ValueKinds Kinds { get; }

    /// <summary>There has been one, so that operations may do what their block does not show.</summary>
    public bool IsUsed => _isUsed;

    /// <summary>Takes what the whole batch is given.</summary>
    /// <exception cref="OperationException">It cannot be used in another runspace.</exception>
    public void Take(object? value, string name)
    {
        _taken = _ofBatch;
        try
        {
            _walker.Walk(value, name, this);
        }
        catch (OperationException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes the input of an operation, until the operation has ended.</summary>
    /// <exception cref="OperationException">It cannot be used in another runspace.</exception>
    public void Take(Operation<PSObject?> operation)
    {
        if (_walker.IsPlain(operation.Input))
        {
            return;
        }

        List<object> taken = [];
        _taken = taken;
        try
        {
            _walker.Walk(operation.Input, "The input", this);
        }
        catch (OperationException)
        {
            Release(taken);
            throw;
        }

        if (taken.Count > 0)
        {
            _ofInputs[operation] = taken;
            _hasInputs = true;
        }
    }

    /// <summary>Lets go of the inputs of operations that have ended.</summary>
    public void Release(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        if (_hasInputs)
        {
            Release(result.Operations);
        }
    }

    /// <summary>Lets go of the inputs of operations.</summary>
    public void Release(IEnumerable<Operation<PSObject?>> operations)
    {
        foreach (Operation<PSObject?> operation in operations)
        {
            if (_ofInputs.TryRemove(operation, out List<object>? taken))
            {
                Release(taken);
            }
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Dispose()
    {
        _gate.RemoveTaker(TakeOutput);
        Release(_ofInputs.Keys);
        lock (_ofBatch)
        {
            _isOver = true;
            Release(_ofBatch);
            _ofBatch.Clear();
        }
    }

    void IValueVisitor.VisitBlock(string path) => throw ScriptBlockValues.Refusal(path);

    void IValueVisitor.VisitDelegate(Delegate made, string path)
    {
        _isUsed = true;
        foreach (object?[] constants in BlockDelegate.Constants(made).Where(IsNew))
        {
            bool isTaken = Unbindings.Shared.IsTaken(constants);
            List<(int Index, ScriptBlock Bound, ScriptBlock Unbound)> blocks = [];
            foreach ((int index, ScriptBlock block) in BlockDelegate.Blocks(constants))
            {
                blocks.Add((index, block, isTaken ? _scripts.Inherit(block, Lower(path)) : _scripts.Unbind(block, constants, Lower(path), Lower(path))));
            }

            Unbindings.Shared.Take(constants, _taken == _ofBatch, _gate, blocks);
            _taken.Add(constants);
        }
    }

    void IValueVisitor.VisitInstance(object instance, Type type, string path)
    {
        ScriptClass found = _walker.ClassOf(type);
        if (found.SessionFields.Count == 0 || !IsNew(instance))
        {
            return;
        }

        _isUsed = true;
        object? session = found.SessionFields[0].GetValue(instance) ?? Unbindings.Shared.SessionOf(instance);
        _classes.Take(found, session);
        Unbindings.Shared.Take(instance, found, _taken == _ofBatch);
        _taken.Add(instance);
    }

    void IValueVisitor.VisitType(Type type)
    {
        _isUsed = true;
        ScriptClass found = _walker.ClassOf(type);
        _classes.Take(found, found.StaticSession);
    }

    void IValueVisitor.VisitMember(PSMemberInfo member, string path)
    {
        if (!IsNew(member))
        {
            return;
        }

        _isUsed = true;
        object? owner = EngineInternals.OwnerOf(member);
        bool isTaken = Unbindings.Shared.IsTaken(member);
        List<(MemberScript Which, ScriptBlock Bound, ScriptBlock Unbound)> scripts = [];
        foreach ((MemberScript which, ScriptBlock script) in MemberScripts.All(member))
        {
            string of = $"member '{member.Name}' of {Lower(path)}";
            scripts.Add((which, script, isTaken ? _scripts.Inherit(script, of) : _scripts.Unbind(script, owner is null ? member : ScriptUnbinder.KeyOfOwner, $"member '{member.Name}'", of)));
        }

        Unbindings.Shared.Take(member, _taken == _ofBatch, _gate, scripts);
        _taken.Add(member);
        if (owner is not null)
        {
            owner = Unbindings.Shared.OwnerKey(owner);
            Unbindings.Shared.Take(owner, _taken == _ofBatch);
            _taken.Add(owner);
        }
    }

    private static string Lower(string path) => path.StartsWith("The ", StringComparison.Ordinal) ? "the " + path[4..] : path;

    private static void Release(List<object> taken)
    {
        foreach (object value in taken)
        {
            Unbindings.Shared.Release(value);
        }
    }

    // In the middle of a walk: with a walker of its own. What a variable has belongs to the batch, whoever was the first to use it.
    private void Check(object? value, string name)
    {
        List<object> before = _taken;
        _taken = _ofBatch;
        try
        {
            new ValueWalker(Kinds).Walk(value, name, this);
        }
        finally
        {
            _taken = before;
        }
    }

    // What a script has that runs at home, on the thread of the session, or has put out: for operations too.
    private void TakeOutput(object? value, string name)
    {
        if (_isOver || _walker.IsPlain(value))
        {
            return;
        }

        _outputs ??= new HashSet<object>(ReferenceEqualityComparer.Instance);
        try
        {
            _isOutput = true;
            Check(value, name);
        }
        finally
        {
            _isOutput = false;
        }
    }

    // Scripts that run at home may put out the same again and again.
    private bool IsNew(object value) => !_isOutput || _outputs!.Add(value);
}
