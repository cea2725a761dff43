using System.Collections.Concurrent;
using System.Text;

namespace SignData.Torch;

/// <summary>Calls ATen's operators by their names: "add.Tensor" is aten::add's overload Tensor, "vision::x" the operator of another library.</summary>
internal static unsafe class Op
{
    private const int MostResults = 8;
    private static readonly ConcurrentDictionary<string, nint> Known = new();

    /// <summary>An operator with one tensor as its result.</summary>
    internal static Tensor Call(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[MostResults];
        int count = Invoke(name, arguments, results);
        if (count != 1 || results[0].Tag != Tag.Tensor)
        {
            throw new InvalidOperationException($"{name} does not return one tensor.");
        }
        return new Tensor((nint)results[0].Bits);
    }

    /// <summary>An operator with several tensors, or one list of them, as its result.</summary>
    internal static Tensor[] CallMany(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[MostResults];
        int count = Invoke(name, arguments, results);
        if (count == 1 && results[0].Tag == Tag.Tensors)
        {
            nint* handles = (nint*)results[0].Bits;
            var list = new Tensor[results[0].Length];
            for (int i = 0; i < list.Length; i++)
            {
                list[i] = new Tensor(handles[i]);
            }
            NativeMethods.sdt_free(handles);
            return list;
        }
        var tensors = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            tensors[i] = results[i].Tag == Tag.Tensor
                ? new Tensor((nint)results[i].Bits)
                : throw new InvalidOperationException($"{name} does not return tensors alone.");
        }
        return tensors;
    }

    /// <summary>An operator whose result is for other operators alone.</summary>
    internal static NativeObject CallObject(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[MostResults];
        int count = Invoke(name, arguments, results);
        return count == 1 && results[0].Tag == Tag.Object
            ? new NativeObject((nint)results[0].Bits)
            : throw new InvalidOperationException($"{name} does not return one object.");
    }

    /// <summary>An operator whose result is not wanted, as those that work in place.</summary>
    internal static void Run(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[MostResults];
        int count = Invoke(name, arguments, results);
        for (int i = 0; i < count; i++)
        {
            if (results[i].Tag == Tag.Tensor)
            {
                NativeMethods.sdt_tensor_free((nint)results[i].Bits);
            }
        }
    }

    /// <summary>An operator that returns a truth.</summary>
    internal static bool Ask(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value* results = stackalloc Value[MostResults];
        Invoke(name, arguments, results);
        return results[0].Bits != 0;
    }

    private static int Invoke(string name, ReadOnlySpan<Arg> arguments, Value* results)
    {
        int words = 0;
        foreach (ref readonly Arg argument in arguments)
        {
            words += WordsFor(argument);
        }
        Span<long> lists = words <= 512 ? stackalloc long[words] : new long[words];
        Value* values = stackalloc Value[arguments.Length];
        int returned;
        fixed (long* start = lists)
        {
            long* next = start;
            for (int i = 0; i < arguments.Length; i++)
            {
                values[i] = ToValue(arguments[i], ref next);
            }
            NativeMethods.Check(NativeMethods.sdt_call(Find(name), values, arguments.Length, results, MostResults, out returned));
        }
        foreach (ref readonly Arg argument in arguments)
        {
            GC.KeepAlive(argument.Held);
        }
        return returned;
    }

    private static nint Find(string name)
    {
        if (Known.TryGetValue(name, out nint op))
        {
            return op;
        }
        string full = name.Contains("::", StringComparison.Ordinal) ? name : "aten::" + name;
        int dot = full.IndexOf('.', StringComparison.Ordinal);
        NativeMethods.Check(NativeMethods.sdt_operator(dot < 0 ? full : full[..dot], dot < 0 ? "" : full[(dot + 1)..], out op));
        return Known.GetOrAdd(name, op);
    }

    private static int WordsFor(in Arg argument) => argument.Held switch
    {
        long[] integers => integers.Length,
        double[] reals => reals.Length,
        Tensor[] tensors => tensors.Length,
        string text => Encoding.UTF8.GetByteCount(text) / sizeof(long) + 1,
        _ => 0,
    };

    private static Value ToValue(in Arg argument, ref long* next)
    {
        var value = new Value { Tag = argument.Tag, Bits = argument.Bits, Length = argument.Length };
        if (argument.Held is Tensor tensor)
        {
            value.Bits = tensor.Handle;
        }
        else if (argument.Held is NativeObject native)
        {
            value.Bits = native.Handle;
        }
        else if (argument.Held is string text)
        {
            value.Bits = (long)next;
            value.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(next, Encoding.UTF8.GetByteCount(text)));
            next += value.Length / sizeof(long) + 1;
        }
        else if (argument.Held is Array list)
        {
            value.Bits = (long)next;
            value.Length = list.Length;
            for (int i = 0; i < list.Length; i++)
            {
                *next++ = list switch
                {
                    long[] integers => integers[i],
                    double[] reals => BitConverter.DoubleToInt64Bits(reals[i]),
                    _ => ((Tensor[])list)[i].Handle,
                };
            }
        }
        return value;
    }
}
