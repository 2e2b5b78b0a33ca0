//! What each kernel is told: the struct `Arguments` of its file, field by field.

use bytemuck::{Pod, Zeroable};

use crate::fused::program::POSITIONS_MAX;

/// Bytes between the arguments of two dispatches: no kernel has more, and devices align them.
pub const ARGUMENTS_STRIDE: u64 = 512;

/// The bytes of a kernel's arguments.
#[derive(Debug, Clone)]
pub struct Arguments(Vec<u8>);

impl Arguments {
    pub fn new<T: Pod>(arguments: T) -> Arguments {
        const { assert!(size_of::<T>() as u64 <= ARGUMENTS_STRIDE) };
        Arguments(bytemuck::bytes_of(&arguments).to_vec())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Structs as the kernels of a file read them.
macro_rules! arguments {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $type:ty,)+ })+) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            #[derive(Clone, Copy, Pod, Zeroable)]
            pub struct $name { $($(#[$of])* pub $field: $type,)+ }
        )+

        /// Name and offset of every field, by struct.
        #[cfg(test)]
        const FIELDS: &[(&str, &[(&str, usize)])] = &[$((
            stringify!($name),
            &[$((stringify!($field), std::mem::offset_of!($name, $field)),)+],
        ),)+];
    };
}

arguments! {
    /// `embed.wgsl`
    EmbedArguments {
        n_symbols: u32,
        d: u32,
        positions: u32,
        rows: u32,
        tokens: u32,
        position_embedding: u32,
        is_learned: u32,
        stream: u32,
        prompt: [[u32; 4]; POSITIONS_MAX],
    }
    /// `normalize.wgsl`
    NormArguments {
        rows: u32,
        d: u32,
        gain: u32,
        bias: u32,
        x: u32,
        stats: u32,
        gradient: u32,
        out: u32,
        add: u32,
        n_parameters: u32,
    }
    /// `product.wgsl`
    ProductArguments {
        rows: u32,
        columns: u32,
        depth: u32,
        left: u32,
        right: u32,
        out: u32,
        add: u32,
        bias: u32,
        activation: u32,
        saved: u32,
        n_parameters: u32,
    }
    /// `attention.wgsl`
    AttentionArguments {
        count: u32,
        n_symbols: u32,
        d: u32,
        heads: u32,
        positions: u32,
        first: u32,
        in_shared: u32,
        query_shared: u32,
        out_shared: u32,
        in_rows: u32,
        out_rows: u32,
        stream: u32,
        query: u32,
        keys_values: u32,
        attended: u32,
        weights: u32,
        residual: u32,
        d_stream: u32,
        d_query: u32,
        d_keys_values: u32,
        d_attended: u32,
        d_residual: u32,
        d_scores: u32,
        d_queries: u32,
        partial: u32,
        rate: f32,
        ones: f32,
        /// Vectors begin at multiples of 16 bytes.
        unused: u32,
        inputs: [[u32; 4]; POSITIONS_MAX],
        queries: [[u32; 4]; POSITIONS_MAX],
        outputs: [[u32; 4]; POSITIONS_MAX],
    }
    /// `loss.wgsl`
    LossArguments {
        rows: u32,
        n_symbols: u32,
        logits: u32,
    }
    /// `update.wgsl`
    UpdateArguments {
        n_parameters: u32,
        splits: u32,
        moments: u32,
        n_tensors: u32,
        key: [u32; 2],
        step: u32,
        first: u32,
        rows: u32,
        columns: u32,
        depth: u32,
        left: u32,
        right: u32,
        add: u32,
        out: u32,
        transposed: u32,
        factors: [f32; 8],
        starts: [u32; 96],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fused::gpu::constants;

    /// The kernels' own declarations, read by the compiler that compiles them.
    #[test]
    fn kernels_read_what_is_written() {
        let files = [
            include_str!("embed.wgsl"),
            include_str!("normalize.wgsl"),
            include_str!("product.wgsl"),
            include_str!("attention.wgsl"),
            include_str!("loss.wgsl"),
            include_str!("../../optim/update.wgsl"),
        ];
        for ((name, fields), file) in FIELDS.iter().zip(files) {
            let source = [&constants::in_wgsl(), include_str!("bindings.wgsl"), file].concat();
            let module = wgpu::naga::front::wgsl::parse_str(&source).unwrap();
            let (_, declared) = module
                .types
                .iter()
                .find(|(_, ty)| ty.name.as_deref() == Some("Arguments"))
                .unwrap();
            let wgpu::naga::TypeInner::Struct { members, .. } = &declared.inner else { panic!() };
            let members: Vec<(&str, usize)> = members
                .iter()
                .map(|member| (member.name.as_deref().unwrap(), member.offset as usize))
                .collect();
            let written: Vec<(&str, usize)> =
                fields.iter().copied().filter(|(field, _)| *field != "unused").collect();
            assert_eq!(written, members, "{name}");
        }
    }
}
