using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
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
    private readonly NeedsFinder _finder;
    private readonly ConcurrentDictionary<Operation<PSObject?>, List<object>> _ofInputs = new();
    private readonly List<object> _ofBatch = [];
    private List<object> _taken;
    private volatile bool _isUsed;
    private volatile bool _hasInputs;

    public BoundValues(SessionState caller)
    {
        Kinds = new ValueKinds();
        _walker = new ValueWalker(Kinds);
        _finder = new NeedsFinder(caller, Needs, Check);
        _taken = _ofBatch;
    }

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
        Release(_ofInputs.Keys);
        lock (_ofBatch)
        {
            Release(_ofBatch);
            _ofBatch.Clear();
        }
    }

    void IValueVisitor.VisitBlock(string path) => throw ScriptBlockValues.Refusal(path);

    void IValueVisitor.VisitDelegate(Delegate made, string path)
    {
        _isUsed = true;
        foreach (object?[] constants in BlockDelegate.Constants(made))
        {
            List<(int Index, ScriptBlock Bound, ScriptBlock Unbound)> blocks = [];
            foreach ((int index, ScriptBlock block) in BlockDelegate.Bound(constants))
            {
                blocks.Add((index, block, Unbind(block, Lower(path), Lower(path))));
            }

            Unbindings.Shared.Take(constants, blocks);
            _taken.Add(constants);
        }
    }

    void IValueVisitor.VisitInstance(object instance, Type type, string path)
    {
        ScriptClass found = _walker.ClassOf(type);
        if (found.SessionFields.Count == 0)
        {
            return;
        }

        _isUsed = true;
        object? session = found.SessionFields[0].GetValue(instance);
        if (session is not null)
        {
            FindNeeds(found, EngineInternals.SessionOf(session));
        }

        Unbindings.Shared.Take(instance, found);
        _taken.Add(instance);
    }

    void IValueVisitor.VisitType(Type type)
    {
        _isUsed = true;
        FindNeeds(_walker.ClassOf(type), null);
    }

    void IValueVisitor.VisitMember(PSMemberInfo member, string path)
    {
        _isUsed = true;
        List<(MemberScript Which, ScriptBlock Bound, ScriptBlock Unbound)> scripts = [];
        foreach ((MemberScript which, ScriptBlock script) in MemberScripts.Bound(member))
        {
            scripts.Add((which, script, Unbind(script, $"member '{member.Name}'", $"member '{member.Name}' of {Lower(path)}")));
        }

        Unbindings.Shared.Take(member, scripts);
        _taken.Add(member);
    }

    private static string Lower(string path) => path.StartsWith("The ", StringComparison.Ordinal) ? "the " + path[4..] : path;

    private static void Release(List<object> taken)
    {
        foreach (object value in taken)
        {
            Unbindings.Shared.Release(value);
        }
    }

    // What it uses of its session is noted, and what it took along looked at.
    private ScriptBlock Unbind(ScriptBlock script, string name, string owner)
    {
        PSVariable[] captured = [.. ClosureBlock.Captured(script)];
        foreach (PSVariable variable in captured)
        {
            Check(variable.Value, $"The variable ${variable.Name} of {name}");
        }

        _finder.Find(script.Ast, script.Module?.SessionState, captured.Select(static variable => variable.Name), owner);
        return ClosureBlock.Unbind(script);
    }

    // In the middle of a walk: with a walker of its own.
    private void Check(object? value, string name) => new ValueWalker(Kinds).Walk(value, name, this);

    private void FindNeeds(ScriptClass type, SessionState? home)
    {
        foreach (FunctionMemberAst method in type.Methods)
        {
            _finder.Find(method, home, [], $"method '{method.Name}' of class {(method.Parent as TypeDefinitionAst)?.Name}");
        }

        ScriptClass.ReleaseStatics(type.Type);
    }
}
