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
        Methods = FindMethods(type);
    }

    public Type Type { get; }

    /// <summary>What of an instance says to which session it belongs; one for each class that it inherits from.</summary>
    public IReadOnlyList<FieldInfo> SessionFields { get; }

    /// <summary>What of an instance may have values that belong to a session.</summary>
    public IReadOnlyList<FieldInfo> ValueFields { get; }

    /// <summary>The bodies of its methods, of those of its bases, and of the classes that these name.</summary>
    public IReadOnlyList<FunctionMemberAst> Methods { get; }

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
        foreach (object wrapper in Helpers(type))
        {
            if (Read(wrapper, "_defaultSessionStateToUse") is { } session)
            {
                lock (session)
                {
                    session.GetType().GetMethod("SetTarget")!.Invoke(session, [null]);
                }
            }
        }
    }

    private static List<FunctionMemberAst> FindMethods(Type type)
    {
        ILookup<string, FunctionMemberAst> all = Helpers(type).Select(static wrapper => Read(wrapper, "_ast")).OfType<FunctionMemberAst>()
            .ToLookup(static method => (method.Parent as TypeDefinitionAst)?.Name ?? "", StringComparer.OrdinalIgnoreCase);
        Queue<string> names = new();
        for (Type? level = type; level is not null && Is(level); level = level.BaseType)
        {
            names.Enqueue(level.Name);
        }

        List<FunctionMemberAst> methods = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        while (names.TryDequeue(out string? name))
        {
            if (seen.Add(name))
            {
                methods.AddRange(all[name]);
                foreach (string named in all[name].SelectMany(NamedTypes))
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
    private static IEnumerable<object> Helpers(Type type) =>
        from helper in type.Assembly.GetTypes()
        where helper.Name.EndsWith(HelperSuffix, StringComparison.Ordinal)
        from field in helper.GetFields(Own)
        let wrapper = field.GetValue(null)
        where wrapper is ScriptBlockMemberMethodWrapper
        select wrapper;

    private static object? Read(object wrapper, string field) =>
        typeof(ScriptBlockMemberMethodWrapper).GetField(field, Own)?.GetValue(wrapper);
}
