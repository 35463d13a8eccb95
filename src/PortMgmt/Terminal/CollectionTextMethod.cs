using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>
/// The <c>ToString</c> of a wrapper of a list or table. The engine calls it without arguments where .NET code wants a text, as Export-Csv
/// and ConvertTo-Html do, and with a format where a script makes one of the value: that stays as it would be without a wrapper.
/// </summary>
internal sealed class CollectionTextMethod : PSMethodInfo
{
    private readonly ICollection _collection;

    public CollectionTextMethod(ICollection collection)
    {
        _collection = collection;
        SetMemberName(nameof(ToString));
    }

    public override PSMemberTypes MemberType => PSMemberTypes.CodeMethod;

    public override string TypeNameOfValue => typeof(string).FullName!;

    // The engine gives a format to those alone that have a choice.
    public override Collection<string> OverloadDefinitions { get; } = ["string ToString()", "string ToString(string format, IFormatProvider provider)"];

    public override object? Invoke(params object?[] arguments) => arguments is [_, var provider, ..]
        ? LanguagePrimitives.ConvertTo(_collection, typeof(string), provider as IFormatProvider)
        : CollectionText.Of(_collection);

    public override PSMemberInfo Copy() => new CollectionTextMethod(_collection);
}
