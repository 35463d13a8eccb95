using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A class that was written in PowerShell: where its instances keep the session that they were made in, and what its methods say.
/// Does not change.
/// </summary>
internal sealed class ScriptClass
{
    private const string SessionField = "__sessionState";
    private const string HelperSuffix = "_<staticHelpers>";
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public ScriptClass(Type type)
    {
        Type = type;
        List<FieldInfo> sessions = [];
        List<FieldInfo> values = [];
        for (Type? level = type; level is not null && Is(level); level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(Own))
            {
                (field.Name == SessionField ? sessions : values).Add(field);
            }
        }

        SessionFields = sessions;
        ValueFields = [.. values.Where(static field => !field.IsStatic && !field.FieldType.IsPrimitive && field.FieldType != typeof(string))];
        Wrappers = FindMethods(type);
        Methods = [.. Wrappers.Select(static wrapper => wrapper.Method)];
    }

    public Type Type { get; }

    /// <summary>What of an instance says to which session it belongs; one for each class that it inherits from.</summary>
    public IReadOnlyList<FieldInfo> SessionFields { get; }

    /// <summary>What of an instance may have values that belong to a session.</summary>
    public IReadOnlyList<FieldInfo> ValueFields { get; }

    /// <summary>The bodies of its methods, of those of its bases, and of the classes that these name.</summary>
    public IReadOnlyList<FunctionMemberAst> Methods { get; }

    /// <summary>What the engine calls each of these by.</summary>
    public IReadOnlyList<(ScriptBlockMemberMethodWrapper Wrapper, FunctionMemberAst Method)> Wrappers { get; }

    /// <summary>The session that its static methods run in; null where there is none.</summary>
    public object? StaticSession => Helpers(Type.Assembly).Select(ReadSession).FirstOrDefault(static session => session is not null);

    /// <summary>It has methods of its own besides constructors.</summary>
    public bool HasMethods => Methods.Any(static method => !method.IsConstructor);

    /// <summary>Whether the class is written in a block.</summary>
    public bool IsDefinedIn(Ast block)
    {
        Ast? node = Methods.Count == 0 ? null : Methods[0];
        while (node is not null && node != block)
        {
            node = node.Parent;
        }

        return node is not null;
    }

    public static bool Is(Type type) =>
        type.IsClass && type.Assembly.IsDynamic && type.Assembly.IsDefined(typeof(DynamicClassImplementationAssemblyAttribute), inherit: false);

    /// <summary>
    /// Lets the class's static methods run in whatever runspace calls them, where they would go to the thread of the session that
    /// defined the class last. In a session that has defined the class they run as before.
    /// </summary>
    public static void ReleaseStatics(Type type)
    {
        foreach (ScriptBlockMemberMethodWrapper wrapper in Helpers(type.Assembly))
        {
            SetSession(wrapper, null);
        }
    }

    /// <summary>Has a static method run in a session; null for that of whoever calls it.</summary>
    public static void SetSession(ScriptBlockMemberMethodWrapper wrapper, object? session)
    {
        if (Read(wrapper, "_defaultSessionStateToUse") is { } target)
        {
            lock (target)
            {
                target.GetType().GetMethod("SetTarget")!.Invoke(target, [session]);
            }
        }
    }

    private static List<(ScriptBlockMemberMethodWrapper Wrapper, FunctionMemberAst Method)> FindMethods(Type type)
    {
        Queue<string> names = new();
        HashSet<Assembly> scripts = [];
        for (Type? level = type; level is not null && Is(level); level = level.BaseType)
        {
            names.Enqueue(level.Name);
            scripts.Add(level.Assembly);
        }

        ILookup<string, (ScriptBlockMemberMethodWrapper Wrapper, FunctionMemberAst Method)> all =
            (from script in scripts
             from wrapper in Helpers(script)
             let method = Read(wrapper, "_ast") as FunctionMemberAst
             where method is not null
             select (wrapper, method)).ToLookup(static pair => (pair.method.Parent as TypeDefinitionAst)?.Name ?? "", StringComparer.OrdinalIgnoreCase);
        List<(ScriptBlockMemberMethodWrapper, FunctionMemberAst)> methods = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        while (names.TryDequeue(out string? name))
        {
            if (seen.Add(name))
            {
                methods.AddRange(all[name]);
                foreach (string named in all[name].SelectMany(static pair => NamedTypes(pair.Method)))
                {
                    names.Enqueue(named);
                }
            }
        }

        return methods;
    }

    private static IEnumerable<string> NamedTypes(FunctionMemberAst method) =>
        method.FindAll(static node => node is TypeExpressionAst or TypeConstraintAst, searchNestedScriptBlocks: true)
            .Select(static node => node is TypeExpressionAst expression ? expression.TypeName.Name : ((TypeConstraintAst)node).TypeName.Name);

    // The classes of one script are in one assembly, and each may call any.
    private static IEnumerable<ScriptBlockMemberMethodWrapper> Helpers(Assembly script) =>
        from helper in script.GetTypes()
        where helper.Name.EndsWith(HelperSuffix, StringComparison.Ordinal)
        from field in helper.GetFields(Own)
        let wrapper = field.GetValue(null) as ScriptBlockMemberMethodWrapper
        where wrapper is not null
        select wrapper;

    private static object? ReadSession(ScriptBlockMemberMethodWrapper wrapper)
    {
        object? target = Read(wrapper, "_defaultSessionStateToUse");
        object?[] session = [null];
        return target?.GetType().GetMethod("TryGetTarget")!.Invoke(target, session) is true ? session[0] : null;
    }

    private static object? Read(ScriptBlockMemberMethodWrapper wrapper, string field) =>
        typeof(ScriptBlockMemberMethodWrapper).GetField(field, Own)?.GetValue(wrapper);
}
