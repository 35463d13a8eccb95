using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Unbinds what operations put out from the runspace of their worker, which is closed before long: its scripts then run where they
/// are called. One for each worker; used on its thread.
/// </summary>
/// <param name="kinds">Kinds of types.</param>
/// <param name="block">What operations run: a class that is defined in it is none of the caller's.</param>
/// <param name="classes">Where classes with methods are noted, of which the caller is told.</param>
internal sealed class OutputValues(ValueKinds kinds, Ast block, ConcurrentDictionary<string, bool> classes) : IValueVisitor
{
    private readonly ValueWalker _walker = new(kinds);

    /// <summary>Unbinds all that belongs to a session in a value.</summary>
    public void Unbind(object? value) => _walker.Walk(value, "", this);

    /// <summary>Unbinds what errors and messages carry.</summary>
    public void Unbind(StreamRecords streams)
    {
        if (ReferenceEquals(streams, StreamRecords.None))
        {
            return;
        }

        foreach (ErrorRecord record in streams.Errors)
        {
            Unbind(record.TargetObject);
        }

        foreach (InformationRecord record in streams.Information)
        {
            Unbind(record.MessageData);
        }
    }

    void IValueVisitor.VisitBlock(string path)
    {
        // A script block that is put out has always been its worker's, and the caller can call it as text.
    }

    void IValueVisitor.VisitDelegate(Delegate made, string path)
    {
        foreach (object?[] constants in BlockDelegate.Constants(made).Where(static constants => !Unbindings.Shared.IsTaken(constants)))
        {
            foreach ((int index, ScriptBlock block) in BlockDelegate.Bound(constants))
            {
                constants[index] = ClosureBlock.Unbind(block);
            }
        }
    }

    void IValueVisitor.VisitInstance(object instance, Type type, string path)
    {
        ScriptClass found = _walker.ClassOf(type);
        if (Unbindings.Shared.IsTaken(instance))
        {
            return;
        }

        bool isBound = false;
        foreach (FieldInfo field in found.SessionFields.Where(field => field.GetValue(instance) is not null))
        {
            field.SetValue(instance, null);
            isBound = true;
        }

        if (found.HasMethods && (isBound || found.IsDefinedIn(block)))
        {
            ScriptClass.ReleaseStatics(type);
            classes.TryAdd(type.Name, false);
        }
    }

    void IValueVisitor.VisitType(Type type)
    {
    }

    void IValueVisitor.VisitMember(PSMemberInfo member, string path)
    {
        if (Unbindings.Shared.IsTaken(member))
        {
            return;
        }

        foreach ((MemberScript which, ScriptBlock script) in MemberScripts.Bound(member))
        {
            EngineInternals.WriteScript(member, which, ClosureBlock.Unbind(script));
        }
    }
}
