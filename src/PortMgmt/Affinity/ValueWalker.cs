using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Goes through a value, to any depth: elements, pairs, members that were added, and what instances of classes have. A text or a number
/// costs nanoseconds. One thread at a time.
/// </summary>
internal sealed class ValueWalker(ValueKinds kinds)
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is left to look at; null until a value is more than plain.</summary>
    private Stack<(object? Value, string Path)>? _rest;

    private readonly Dictionary<Type, ScriptClass> _classes = [];

    /// <summary>The type that was found last to have nothing: inputs are mostly of one.</summary>
    private Type? _lastLeaf;

    /// <summary>The class of an instance.</summary>
    public ScriptClass ClassOf(Type type)
    {
        if (!_classes.TryGetValue(type, out ScriptClass? known))
        {
            _classes.Add(type, known = new ScriptClass(type));
        }

        return known;
    }

    /// <summary>Whether there is nothing to look at.</summary>
    public bool IsPlain([NotNullWhen(false)] object? value)
    {
        if (value is null)
        {
            return true;
        }

        Type type = BaseOf(value).GetType();
        if (type != _lastLeaf)
        {
            if (kinds.Of(type) != ValueKind.Leaf)
            {
                return false;
            }

            _lastLeaf = type;
        }

        return EngineInternals.MembersOf(value) is null;
    }

    /// <summary>Tells of all that belongs to a session.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">What it is called in errors.</param>
    /// <param name="visitor">Who is told.</param>
    public void Walk(object? value, string path, IValueVisitor visitor)
    {
        if (IsPlain(value))
        {
            return;
        }

        Push(value, path);
        try
        {
            while (_rest!.TryPop(out (object? Value, string Path) next))
            {
                if (next.Value is not null)
                {
                    Look(next.Value, next.Path, visitor);
                }
            }
        }
        finally
        {
            _rest!.Clear();
            _seen.Clear();
        }
    }

    private static object BaseOf(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private void Look(object value, string path, IValueVisitor visitor)
    {
        object plain = BaseOf(value);
        ValueKind kind = kinds.Of(plain.GetType());
        IEnumerable<PSMemberInfo>? members = plain is string or ValueType && value is not PSObject ? null : EngineInternals.MembersOf(value);
        if ((kind == ValueKind.Leaf && members is null) || !_seen.Add(plain is PSCustomObject ? value : plain))
        {
            return;
        }

        foreach (PSMemberInfo member in members ?? [])
        {
            LookAtMember(member, path, visitor);
        }

        switch (kind)
        {
            case ValueKind.Block:
                visitor.VisitBlock(path);
                break;
            case ValueKind.Delegate:
                LookAtDelegate((Delegate)plain, path, visitor);
                break;
            case ValueKind.Type when ScriptClass.Is((Type)plain):
                visitor.VisitType((Type)plain);
                break;
            case ValueKind.ScriptClass:
                LookAtInstance(plain, path, visitor);
                break;
            case ValueKind.Holder:
                if (plain is PSMemberInfo held)
                {
                    LookAtMember(held, path, visitor);
                }

                foreach (object? inner in ValueHolders.ValuesOf(plain))
                {
                    Push(inner, path);
                }

                break;
            default:
                PushElements(plain, kind, path);
                break;
        }
    }

    private void Push(object? value, string path) => (_rest ??= new Stack<(object? Value, string Path)>()).Push((value, path));

    private void LookAtMember(PSMemberInfo member, string path, IValueVisitor visitor)
    {
        switch (member)
        {
            case PSScriptMethod or PSScriptProperty:
                visitor.VisitMember(member, path);
                break;
            case PSNoteProperty note:
                Push(note.Value, path + "." + note.Name);
                break;
            case PSCodeMethod code:
                Push(code.CodeReference?.DeclaringType, path);
                break;
            case PSCodeProperty code:
                Push(code.GetterCodeReference?.DeclaringType, path);
                Push(code.SetterCodeReference?.DeclaringType, path);
                break;
            case PSMemberSet { IsInstance: true } members:
                foreach (PSMemberInfo inner in members.Members.Where(static inner => inner.IsInstance))
                {
                    LookAtMember(inner, path + "." + member.Name, visitor);
                }

                break;
        }
    }

    // Of script blocks, or of methods of classes.
    private void LookAtDelegate(Delegate made, string path, IValueVisitor visitor)
    {
        if (BlockDelegate.Is(made))
        {
            visitor.VisitDelegate(made, path);
            return;
        }

        foreach (object? value in ValueHolders.ValuesOf(made))
        {
            Push(value, path);
        }
    }

    private void LookAtInstance(object instance, string path, IValueVisitor visitor)
    {
        visitor.VisitInstance(instance, instance.GetType(), path);
        foreach (FieldInfo field in ClassOf(instance.GetType()).ValueFields)
        {
            Push(field.GetValue(instance), path + "." + field.Name.TrimStart('<').Split('>')[0]);
        }

        PushElements(instance, instance is IDictionary ? ValueKind.Dictionary : instance is ICollection ? ValueKind.Collection : ValueKind.Leaf, path);
    }

    private void PushElements(object value, ValueKind kind, string path)
    {
        try
        {
            switch (kind)
            {
                case ValueKind.Dictionary:
                    Push(ValueHolders.ComparerOf(value), path);
                    foreach (DictionaryEntry pair in (IDictionary)value)
                    {
                        Push(pair.Value, path + "." + pair.Key);
                        Push(pair.Key, path);
                    }

                    break;
                case ValueKind.Collection:
                    Push(ValueHolders.ComparerOf(value), path);
                    foreach (object? element in (IEnumerable)value)
                    {
                        Push(element, path);
                    }

                    break;
                case ValueKind.Pair:
                    PushPair(value, path);
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            // Somebody changes the collection just now; what is not in it yet is not looked at.
        }
    }

    private void PushPair(object value, string path)
    {
        if (value is ITuple tuple)
        {
            for (int i = 0; i < tuple.Length; i++)
            {
                Push(tuple[i], path);
            }

            return;
        }

        foreach (PropertyInfo property in value.GetType().GetProperties().Where(static property => property.Name is "Key" or "Value"))
        {
            Push(property.GetValue(value), path);
        }
    }
}
