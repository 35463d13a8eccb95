using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// What of the engine tells, and decides, to which session a value belongs, and no public member gives. An engine that does not have
/// it (<see cref="IsComplete"/> is false) can unbind nothing: what is bound is then refused.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    private static readonly Func<object, object?>? AddedToField = ReadField<PSObject>("_instanceMembers");
    private static readonly Func<object, object?>? AddedToObject = CallHasInstanceMembers();
    private static readonly PropertyInfo? SessionOfBlock = typeof(ScriptBlock).GetProperty("SessionStateInternal", Hidden);
    private static readonly PropertyInfo? PublicOfSession = SessionOfBlock?.PropertyType.GetProperty("PublicSessionState", Hidden);
    private static readonly PropertyInfo? RunspaceOfSession = SessionOfBlock?.PropertyType.GetProperty("ExecutionContext", Hidden);
    private static readonly PropertyInfo? ModuleScope = SessionOfBlock?.PropertyType.GetProperty("ModuleScope", Hidden);
    private static readonly PropertyInfo? StrictVersion = ModuleScope?.PropertyType.GetProperty("StrictModeVersion", Hidden);
    private static readonly PropertyInfo? InternalOfSession = typeof(SessionState).GetProperty("Internal", Hidden);
    private static readonly Type? LocalVariable = typeof(PSVariable).Assembly.GetType("System.Management.Automation.LocalVariable");
    private static readonly FieldInfo? LocalTuple = LocalVariable?.GetField("_tuple", Hidden);
    private static readonly FieldInfo? LocalSlot = LocalTuple is null ? null : LocalVariable!.GetField("_tupleSlot", Hidden);
    private static readonly FieldInfo? MemberOwner = typeof(PSMemberInfo).GetField("instance", Hidden);
    private static readonly FieldInfo? MethodScript = typeof(PSScriptMethod).GetField("_script", Hidden);
    private static readonly FieldInfo? GetterScript = typeof(PSScriptProperty).GetField("_getterScript", Hidden);
    private static readonly FieldInfo? SetterScript = typeof(PSScriptProperty).GetField("_setterScript", Hidden);

    public static bool IsComplete { get; } = AddedToField is not null && AddedToObject is not null && SessionOfBlock is not null
        && PublicOfSession is not null && RunspaceOfSession is not null && InternalOfSession is not null && MethodScript is not null && GetterScript is not null && SetterScript is not null;

    /// <summary>The members that were added to a value; null for none. Nanoseconds, where there are none.</summary>
    public static IEnumerable<PSMemberInfo>? MembersOf(object value)
    {
        // Those of a text or a number are in its wrapper alone, those of other objects in a table of the process.
        if (value is PSObject wrapped && (wrapped.ImmediateBaseObject is PSCustomObject or string or ValueType || AddedToField!(wrapped) is not null))
        {
            return (IEnumerable<PSMemberInfo>?)AddedToField!(wrapped);
        }

        return (IEnumerable<PSMemberInfo>?)AddedToObject!(value);
    }

    /// <summary>Whether the block belongs to a session.</summary>
    public static bool IsBound(ScriptBlock block) => SessionOfBlock!.GetValue(block) is not null;

    /// <summary>The session of a block or an instance as the engine keeps it, with its public face.</summary>
    public static SessionState? SessionOf(object? engineState) => engineState is null ? null : (SessionState?)PublicOfSession!.GetValue(engineState);

    /// <summary>The session that a block belongs to; null for none.</summary>
    public static SessionState? SessionOf(ScriptBlock block) => SessionOf(SessionOfBlock!.GetValue(block));

    /// <summary>Has a block belong to a session.</summary>
    public static void Bind(ScriptBlock block, SessionState session) => SessionOfBlock!.SetValue(block, InternalOf(session));

    /// <summary>Whether two are the same session: each cmdlet has a public face of it for itself.</summary>
    public static bool AreOne(SessionState first, SessionState second) => InternalOf(first) == InternalOf(second);

    /// <summary>Whether two sessions, such as those of modules, are in the same runspace.</summary>
    public static bool AreOfOneRunspace(SessionState first, SessionState second) =>
        InternalOf(first) is { } one && InternalOf(second) is { } other && RunspaceOfSession!.GetValue(one) == RunspaceOfSession.GetValue(other);

    /// <summary>Whether strict mode is on in a session, by a script of it.</summary>
    public static bool IsStrict(SessionState session)
    {
        object? scope = ModuleScope?.GetValue(InternalOf(session));
        return scope is not null && StrictVersion?.GetValue(scope) is Version { Major: > 0 };
    }

    /// <summary>The session as the engine keeps it; null where it does not tell.</summary>
    public static object? InternalOf(SessionState session) => InternalOfSession?.GetValue(session);

    /// <summary>Whether two are the same variable: of a script's own variables the engine makes an object for each look.</summary>
    public static bool AreOne(PSVariable first, PSVariable second) =>
        first == second || (LocalSlot is not null && first.GetType() == LocalVariable && second.GetType() == LocalVariable
            && LocalTuple!.GetValue(first) == LocalTuple.GetValue(second) && Equals(LocalSlot.GetValue(first), LocalSlot.GetValue(second)));

    /// <summary>The object that a member was added to, as its scripts get it for <c>$this</c>; null where the engine does not tell.</summary>
    public static object? OwnerOf(PSMemberInfo member) => MemberOwner?.GetValue(member);

    public static ScriptBlock? ReadScript(PSMemberInfo member, MemberScript which) => (ScriptBlock?)FieldOf(which).GetValue(member);

    public static void WriteScript(PSMemberInfo member, MemberScript which, ScriptBlock script) => FieldOf(which).SetValue(member, script);

    private static FieldInfo FieldOf(MemberScript which) => which switch
    {
        MemberScript.Method => MethodScript!,
        MemberScript.Getter => GetterScript!,
        _ => SetterScript!,
    };

    private static Func<object, object?>? ReadField<T>(string name)
    {
        if (typeof(T).GetField(name, Hidden) is not { } field)
        {
            return null;
        }

        DynamicMethod read = Method<T>(out ILGenerator code);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Castclass, typeof(T));
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        return read.CreateDelegate<Func<object, object?>>();
    }

    private static Func<object, object?>? CallHasInstanceMembers()
    {
        if (typeof(PSObject).GetMethod("HasInstanceMembers", Hidden) is not { } method)
        {
            return null;
        }

        DynamicMethod call = Method<PSObject>(out ILGenerator code);
        LocalBuilder members = code.DeclareLocal(method.GetParameters()[1].ParameterType.GetElementType()!);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldloca, members);
        code.Emit(OpCodes.Call, method);
        code.Emit(OpCodes.Pop);
        code.Emit(OpCodes.Ldloc, members);
        code.Emit(OpCodes.Ret);
        return call.CreateDelegate<Func<object, object?>>();
    }

    private static DynamicMethod Method<T>(out ILGenerator code)
    {
        var method = new DynamicMethod("", typeof(object), [typeof(object)], typeof(T), skipVisibility: true);
        code = method.GetILGenerator();
        return method;
    }
}
